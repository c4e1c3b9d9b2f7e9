import { expect, test } from "vitest";
import { asked, callings, kept, named, pieces, readPeople, writtenPeople } from "@/modules/activities/mentions";

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

test("two of one name are told apart by address, or by number where addresses are not known", () => {
  const two = [
    { id: ANN, name: "Ann", email: "ann@one.example" },
    { id: LEE, name: "Ann", email: "ann@two.example" },
    { id: "usr_3", name: "Kim", email: "kim@one.example" },
  ];
  const called = callings(two);
  expect([...called.values()]).toEqual(["Ann (ann@one.example)", "Ann (ann@two.example)", "Kim"]);
  expect([...callings(two.map(({ id, name }) => ({ id, name }))).values()]).toEqual(["Ann (1)", "Ann (2)", "Kim"]);
  const text = `@${ANN} and @${LEE}, @usr_3`;
  const edited = named(text, (id) => called.get(id));
  expect(edited.text).toBe("@Ann (ann@one.example) and @Ann (ann@two.example), @usr_3");
  expect(kept(edited.text, edited.people)).toBe(text);
});

test("a name that was typed on names nobody, and signs in names are signs", () => {
  const people = new Map([
    ["Ann", ANN],
    ["A.n (x)", LEE],
  ]);
  expect(kept("@Anna @Ann, @Ann@A.n (x)", people)).toBe(`@Anna @${ANN}, @${ANN}@${LEE}`);
  expect(kept("@Axn (x) $1", people)).toBe("@Axn (x) $1");
  expect(kept("@Ann", new Map())).toBe("@Ann");
});

test("whom a draft names is kept with it", () => {
  const people = new Map([["Ann (ann@one.example)", ANN]]);
  expect(readPeople(writtenPeople(people))).toEqual(people);
  expect(writtenPeople(new Map())).toBe("");
  for (const lost of ["", "{", "[1]", "null", "7"]) expect(readPeople(lost).size).toBe(0);
});
