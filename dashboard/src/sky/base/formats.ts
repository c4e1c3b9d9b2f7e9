import { createContext, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isElsewhere } from "./year";

/** How this person's language writes times, days and numbers, in a workspace's time zone. */
export interface Formats {
  /** 14:20 or 2:20 PM. */
  time(at: number): string;
  /** 14 or 2 PM. */
  hour(at: number): string;
  /** Wednesday 11 March, and the year when it is another one. */
  day(at: number): string;
  /** Sat 14 Mar, and the year when it is another one. */
  date(at: number): string;
  /** Wednesday. */
  weekday(at: number): string;
  number(value: number): string;
}

const known = new Map<string, Formats>();

/** Formatters are costly to make and there are few of them, so they are kept. */
export function formats(language: string, zone: string): Formats {
  const key = `${language} ${zone}`;
  const found = known.get(key);
  if (found) return found;
  const made = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const time = made({ timeStyle: "short" });
  const hour = made({ hour: "numeric" });
  /** A day, with its year when that is another one. */
  const dated = (options: Intl.DateTimeFormatOptions) => {
    const plain = made(options);
    let full: Intl.DateTimeFormat | undefined;
    return (at: number) => {
      if (!isElsewhere(new Date(at), new Date())) return plain.format(at);
      full ??= made({ ...options, year: "numeric" });
      return full.format(at);
    };
  };
  const weekday = made({ weekday: "long" });
  const number = new Intl.NumberFormat(language);
  const result: Formats = {
    time: (at) => time.format(at),
    hour: (at) =>
      hour
        .formatToParts(at)
        .flatMap(({ type, value }) => (type === "hour" || type === "dayPeriod" ? [value] : []))
        .join(" "),
    day: dated({ weekday: "long", day: "numeric", month: "long" }),
    date: dated({ weekday: "short", day: "numeric", month: "short" }),
    weekday: (at) => weekday.format(at),
    number: (value) => number.format(value),
  };
  known.set(key, result);
  return result;
}

/** The reader's own kind of their language, where the shell knows it: en-GB has 24 hours and en-US has 12. */
export const SkyLocale = createContext<string | undefined>(undefined);

/** The formats of the person who looks. */
export function useFormats(zone: string): Formats {
  const { i18n } = useTranslation();
  const locale = useContext(SkyLocale) ?? (i18n.language || "en");
  return useMemo(() => formats(locale, zone), [locale, zone]);
}
