import { expect, test } from "vitest";
import { ar } from "@/i18n/ar";
import { en } from "@/i18n/en";

type Tree = { [key: string]: string | Tree };
const FORM = /_(zero|one|two|few|many|other)$/;

function flat(tree: Tree, path = "", into = new Map<string, string>()): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === "string") into.set(at, value);
    else flat(value, at, into);
  }
  return into;
}

const bases = (words: Map<string, string>) => new Set([...words.keys()].map((key) => key.replace(FORM, "")));
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
const modules = import.meta.glob<Tree>("../src/modules/*/words/??.ts", { import: "words", eager: true });
const shell = import.meta.glob<Tree>("../src/shell/words/??.ts", { import: "words", eager: true });
const all = (language: string, core: Tree) => {
  const words = flat(shell[`../src/shell/words/${language}.ts`] ?? {}, "", flat(core));
  for (const [path, tree] of Object.entries(modules)) {
    const [, module = "", spoken] = /modules\/(\w+)\/words\/(\w+)\.ts$/.exec(path) ?? [];
    if (spoken === language) flat(tree, module, words);
  }
  return words;
};
const english = all("en", en);
const languages: [string, Map<string, string>][] = [["ar", all("ar", ar as Tree)]];

test.each(languages)("%s has a word for everything, and for nothing else", (_, words) => {
  const [own, first] = [bases(words), bases(english)];
  expect([...first].filter((key) => !own.has(key))).toEqual([]);
  expect([...own].filter((key) => !first.has(key))).toEqual([]);
});

test.each(languages)("%s counts in all its forms", (language, words) => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const counted = [...english.keys()].filter((key) => key.endsWith("_other")).map((key) => key.replace(FORM, ""));
  const missing = counted.flatMap((key) => forms.map((form) => `${key}_${form}`)).filter((key) => !words.has(key));
  expect(missing).toEqual([]);
});

test.each(languages)("%s fills the same holes", (_, words) => {
  for (const [key, text] of words) {
    const original = english.get(key) ?? english.get(key.replace(FORM, "_other")) ?? "";
    // Some forms say the number as a word; `number` is the count as it is written.
    const kept = (hole?: string) => !FORM.test(key) || (hole !== "count" && hole !== "number");
    expect(holes(text).filter(kept), key).toEqual(holes(original).filter(kept));
    expect(text.trim(), key).not.toBe("");
  }
});
