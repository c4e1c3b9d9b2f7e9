import type { QueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import type { Me } from "@/app/may";
import { bring, type Module } from "@/i18n/words";

/** One line of the palette. */
export interface Item {
  /** Unlike every other line's: the id of a record, the address of a page, the name of an action. */
  id: string;
  label: string;
  note?: string;
  /** Other words it is found by. */
  also?: string;
  icon: ReactNode;
  /** The words around what was found, in pieces; `hit` is what was looked for. */
  snippet?: readonly { text: string; hit: boolean }[];
  /** Where it leads; such a line is remembered among the recent ones and opens a tab of its own with Ctrl or ⌘. */
  to?: string;
  /** Only for whoever types its words: one of many. */
  quiet?: true;
  /** What it does, when it leads nowhere. */
  run?: () => void;
  /** A single key that takes it while a line is chosen. */
  press?: string;
}

/** Answers to what is typed, asked from the server. */
export interface Source {
  id: string;
  group: string;
  /** With this in front of the words, only sources that carry it answer. */
  prefix?: "@" | "#";
  /** Nearest first, at most six; `signal` ends it when the words change. */
  ask: (words: string, signal: AbortSignal) => Promise<Item[]>;
}

export interface Cx {
  me: Me;
  t: TFunction;
  cache: QueryClient;
  /** To another page. */
  go: (to: string) => void;
}

/** What a module brings: it is asked anew each time the palette opens, so it names only what the person may. */
export interface Part {
  /** Groups of sources and pages stand in this order; contacts are 10. */
  order?: number;
  pages?: Item[];
  actions?: Item[];
  sources?: Source[];
  /** What can be done with the line that is chosen, when it is one of this module's. */
  about?: (item: Item) => Item[];
}

export type Palette = (cx: Cx) => Part;

const files = import.meta.glob<Palette>("../*/palette.tsx", { import: "palette" });

/**
 * Everything that modules bring: each exports `palette` from `modules/<module>/palette.tsx`, and its words come with it.
 * A part that cannot be loaded is left out; the others work.
 */
export async function loadParts(): Promise<Palette[]> {
  const parts = await Promise.all(
    Object.entries(files)
      .map(async ([path, load]) => {
        const module = path.split("/").at(-2) as Module;
        const [part] = await Promise.all([load(), bring(module)]);
        return part;
      })
      .map((part) => part.catch(() => undefined)),
  );
  return parts.filter((part) => part !== undefined);
}
