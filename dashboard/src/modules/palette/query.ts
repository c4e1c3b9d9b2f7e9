import { fold, matches } from "@/shell/search";
import type { Item, Part, Source } from "./parts";

/** What is typed, without the sign that narrows it. */
export interface Query {
  only?: ">" | "#" | "@";
  words: string;
}

export function queryOf(typed: string): Query {
  const only = /^\s*([>#@])/.exec(typed)?.[1] as Query["only"];
  const words = (only ? typed.replace(/^\s*[>#@]/, "") : typed).trim().slice(0, 100);
  return only ? { only, words } : { words };
}

/** Sources that answer a query; none without words, and actions ask nobody. */
export function asked({ only, words }: Query, sources: readonly Source[]): Source[] {
  if (words === "" || only === ">") return [];
  return sources.filter(({ prefix }) => !only || prefix === only);
}

const fits = (item: Item, words: string): boolean => matches(`${item.label} ${item.also ?? ""}`, words);

export interface Near {
  /** One whose whole name was typed stands first. */
  pages: Item[];
  /** Whether there is such a one. */
  named: boolean;
  actions: Item[];
}

/** Pages and actions that fit, without asking anybody. */
export function near({ only, words }: Query, parts: readonly Part[]): Near {
  const of = (key: "pages" | "actions") =>
    parts.flatMap((part) => part[key] ?? []).filter((item) => (words !== "" || !item.quiet) && fits(item, words));
  if (only === "#" || only === "@") return { pages: [], named: false, actions: [] };
  const isNamed = ({ label }: Item) => fold(label) === fold(words);
  // Whoever types the whole name of a page means the page, and not what has the same word in it.
  const pages = only === ">" ? [] : of("pages").sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)));
  return { pages, named: pages.some(isNamed), actions: of("actions") };
}
