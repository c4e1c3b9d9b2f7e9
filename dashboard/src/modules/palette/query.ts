import { matches } from "@/shell/search";
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

/** Pages and actions that fit, without asking anybody. */
export function near({ only, words }: Query, parts: readonly Part[]): { pages: Item[]; actions: Item[] } {
  const of = (key: "pages" | "actions") =>
    parts.flatMap((part) => part[key] ?? []).filter((item) => (words !== "" || !item.quiet) && fits(item, words));
  if (only === "#" || only === "@") return { pages: [], actions: [] };
  return { pages: only === ">" ? [] : of("pages"), actions: of("actions") };
}
