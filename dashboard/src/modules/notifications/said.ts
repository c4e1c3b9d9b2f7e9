import type { i18n as Words } from "i18next";
import { dayWords } from "../tasks/when";

type Params = Record<string, unknown>;
/** A part of a sentence with holes of its own. */
type Part = Params & { say: string };

const isPart = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && typeof (value as Part).say === "string";

/** Holes for days of the calendar, which the server tells as it keeps them. */
const isDay = (name: string, value: unknown): value is string =>
  (name === "on" || name === "day") && typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);

function said(i18n: Words, key: string, params: Params, locale: string): string | undefined {
  const path = `notifications.said.${key}`;
  const replace = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      isPart(value) ? said(i18n, value.say, value, locale) : isDay(name, value) ? dayWords(value, locale) : value,
    ]),
  );
  const holes = { replace, count: params.count as number | undefined, context: params.context as string | undefined };
  return i18n.exists(path, holes) ? i18n.t(path as "notifications.said.part.when", holes) : undefined;
}

/** What happened, in the language of the reader; in the server's words where the console has none for it. */
export const titleOf = (i18n: Words, item: { kind: string; title: string; params?: unknown }, locale: string): string =>
  said(i18n, `${item.kind}.title`, (item.params ?? {}) as Params, locale) ?? item.title;
