import i18next from "i18next";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiProblem } from "@/api/problem";
import { speak, startLanguage } from "@/i18n";
import { sayThrown } from "@/i18n/problems";

beforeAll(async () => {
  await startLanguage("en");
  await speak("ar");
});
afterAll(() => speak("en"));

const refused = (code: string) =>
  new ApiProblem(422, "invalid", "Some fields were refused; see errors.", [
    { field: "/name", code, detail: "A server's words." },
    { field: "/email", code: "email_invalid", detail: "Others." },
  ]);

test("of refused fields the first is said, in the reader's language", () => {
  const words = i18next.t("problem.too_long");
  expect(words).not.toBe(i18next.getFixedT("en")("problem.too_long"));
  expect(sayThrown(refused("too_long"))).toBe(words);
  expect(refused("too_long").message).toBe(words);
});

test("the server's words where nobody translated them, and the refusal itself where no field is named", () => {
  expect(sayThrown(refused("never_heard_of"))).toBe("A server's words.");
  expect(sayThrown(new ApiProblem(429, "rate_limited", "Slow down."))).toBe(i18next.t("problem.rate_limited"));
});
