import { expect, test } from "vitest";
import { asked, kept, named, pieces } from "@/modules/activities/mentions";

const ANN = `usr_${"0".repeat(25)}a`;
const LEE = `usr_${"0".repeat(25)}b`;
const names = new Map([
  [ANN, "Ann"],
  [LEE, "Ann Lee"],
]);

test("a text is kept with ids and edited with names, and comes back the same", () => {
  const text = `@${LEE} مرحبا @${ANN}، mail@example.com @${ANN}x`;
  expect(pieces(text).filter((piece) => typeof piece !== "string")).toEqual([{ member: LEE }, { member: ANN }]);
  const edited = named(text, (id) => names.get(id));
  expect(edited.text).toBe(`@Ann Lee مرحبا @Ann، mail@example.com @${ANN}x`);
  expect(kept(edited.text, edited.people)).toBe(text);
  // Whoever is gone keeps his id.
  expect(named(`@${ANN}`, () => undefined).text).toBe(`@${ANN}`);
});

test("a name is asked for behind an @ that begins a word, up to the caret", () => {
  expect(asked("Hi @an", 6)).toEqual({ from: 3, words: "an" });
  expect(asked("Hi @ann le", 10)).toEqual({ from: 3, words: "ann le" });
  expect(asked("Hi @an", 2)).toBeUndefined();
  expect(asked("mail@an", 7)).toBeUndefined();
  expect(asked("@ an", 4)).toBeUndefined();
  expect(asked("@an\nx", 5)).toBeUndefined();
});
