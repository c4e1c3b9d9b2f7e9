import { beforeEach, expect, test } from "vitest";
import type { Item, Source } from "@/modules/palette/parts";
import { asked, near, queryOf } from "@/modules/palette/query";
import { recent, remember } from "@/modules/palette/recent";

beforeEach(() => sessionStorage.clear());

const source = (id: string, prefix?: "@" | "#"): Source => ({
  id,
  group: id,
  ask: async () => [],
  ...(prefix && { prefix }),
});
const item = (label: string, also?: string): Item => ({ id: label, label, icon: null, ...(also && { also }) });
const all = [source("people", "@"), source("tags", "#"), source("forms")];

test("a sign in front narrows what is asked", () => {
  const ids = (typed: string) => asked(queryOf(typed), all).map(({ id }) => id);
  expect(ids("ada")).toEqual(["people", "tags", "forms"]);
  expect(ids("@ada")).toEqual(["people"]);
  expect(ids(" # vip")).toEqual(["tags"]);
  expect(ids(">ada")).toEqual([]);
  expect(ids("  ")).toEqual([]);
  expect(queryOf("x".repeat(300)).words.length).toBe(100);
});

test("pages and actions fit by their label and other words, without accents", () => {
  const parts = [{ pages: [item("Contacts")], actions: [item("Neuer Kontakt", "new contact"), item("Zürich")] }];
  expect(near(queryOf("cont"), parts)).toEqual({ pages: parts[0]?.pages, actions: [parts[0]?.actions[0]] });
  expect(near(queryOf(">zuri"), parts)).toEqual({ pages: [], actions: [parts[0]?.actions[1]] });
  expect(near(queryOf("@cont"), parts)).toEqual({ pages: [], actions: [] });
});

test("the last places come first, each once, apart for each tenant", () => {
  for (const n of [1, 2, 3, 4, 5, 6, 7, 2]) remember("a", { id: `${n}`, label: `L${n}`, to: `/${n}` });
  expect(recent("a").map(({ id }) => id)).toEqual(["2", "7", "6", "5", "4", "3"]);
  expect(recent("b")).toEqual([]);
  sessionStorage.setItem("upz.draft.recent.b", "{");
  expect(recent("b")).toEqual([]);
});
