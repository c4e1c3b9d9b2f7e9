/** Whatever the server refuses, the console says in the reader's language: the codes stand in the server's sources. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { words as shell } from "@/shell/words/en";

type Words = { problem?: Record<string, string> } & Record<string, unknown>;

const root = join(import.meta.dirname, "../..");
const sources = ["core", "admin-api"].flatMap((place) =>
  readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|[\\/])src[\\/].*\.rs$/.test(path))
    .map((path) => readFileSync(join(root, place, path), "utf8")),
);
/** Of refusals as a whole; those of fields come from the forms, which know them. */
const codes = new Set(
  sources.flatMap((text) =>
    [...text.matchAll(/Error::(?:conflict|forbidden)\(\s*"(\w+)"/g)].map(([, code = ""]) => code),
  ),
);

/** Said to programs, or by commands of the servers: nobody who uses the console meets them. */
const TO_PROGRAMS = new Set([
  "address_not_allowed",
  "admin_exists",
  "admin_self",
  "idempotency_key_reused",
  "member_needed",
  "people_only",
  "person_required",
  "second_factor_not_begun",
  "tenant_foreign",
  "transfer_kinds",
]);

const modules = import.meta.glob<Words>("../src/modules/*/words/en.ts", { import: "words", eager: true });

/** Words under `problem`, however deep they stand. */
function saidIn(words: Words): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    value === null || typeof value !== "object" ? [] : key === "problem" ? Object.keys(value) : saidIn(value as Words),
  );
}

test("every refusal has words", () => {
  const said = new Set([...saidIn(en), ...saidIn(shell), ...Object.values(modules).flatMap(saidIn)]);
  expect(codes.size).toBeGreaterThan(100);
  expect([...codes].filter((code) => !said.has(code) && !TO_PROGRAMS.has(code)).sort()).toEqual([]);
  expect([...TO_PROGRAMS].filter((code) => said.has(code))).toEqual([]);
});

test("what a module says itself is not said a second time", () => {
  const { "../src/modules/refusals/words/en.ts": shared, ...others } = modules;
  const own = new Set([...saidIn(en), ...saidIn(shell), ...Object.values(others).flatMap(saidIn)]);
  expect(Object.keys(shared?.problem ?? {}).filter((code) => own.has(code))).toEqual([]);
});
