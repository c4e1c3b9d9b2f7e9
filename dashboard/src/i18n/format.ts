import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { isElsewhere } from "@/sky/base/year";

export interface Formats {
  /** 14:20 or 2:20 pm. */
  time(at: Date | string): string;
  /** 14:20 within a day, a weekday within a week, else a date, with its year when that is another one. */
  when(at: Date | string): string;
  day(at: Date | string): string;
  full(at: Date | string): string;
  ago(at: Date | string): string;
  count(n: number): string;
  /** Whether two moments are the same day where the tenant is. */
  dayKey(at: Date | string): string;
  list(words: string[]): string;
  zone: string | undefined;
  /** The reader's own kind of his language. */
  locale: string;
}

const cache = new Map<string, Formats>();

export function formats(locale: string, zone?: string): Formats {
  const key = `${locale}/${zone}`;
  const known = cache.get(key);
  if (known) return known;
  // Each of them costs the browser about a millisecond; most pages need two or three.
  const dates = (options: Intl.DateTimeFormatOptions, language = locale) =>
    once(() => new Intl.DateTimeFormat(language, { ...options, timeZone: zone }));
  const time = dates({ timeStyle: "short" });
  const weekday = dates({ weekday: "short", hour: "numeric", minute: "2-digit" });
  const date = dates({ day: "numeric", month: "short" });
  const dated = dates({ day: "numeric", month: "short", year: "numeric" });
  const long = dates({ weekday: "long", day: "numeric", month: "long" });
  const longDated = dates({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const full = dates({ dateStyle: "full", timeStyle: "short" });
  const keyed = dates({}, "en-CA");
  const number = once(() => new Intl.NumberFormat(locale));
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }));
  const list = once(() => new Intl.ListFormat(locale, { type: "conjunction" }));
  const of = (at: Date | string) => (typeof at === "string" ? new Date(at) : at);
  const day = 86_400_000;
  const made: Formats = {
    zone,
    locale,
    time: (at) => time().format(of(at)),
    when: (at) => {
      const [then, now] = [of(at), new Date()];
      const apart = Math.abs(now.getTime() - then.getTime());
      // Within two days a day and its month are that day; most lists need this format all the same.
      if (apart < 2 * day && date().format(then) === date().format(now)) return time().format(then);
      if (apart < 6 * day) return weekday().format(then);
      return (isElsewhere(then, now) ? dated : date)().format(then);
    },
    day: (at) => (isElsewhere(of(at), new Date()) ? longDated : long)().format(of(at)),
    full: (at) => full().format(of(at)),
    ago: (at) => {
      const seconds = (of(at).getTime() - Date.now()) / 1000;
      const size = Math.abs(seconds);
      if (size < 60) return relative().format(Math.round(seconds), "second");
      if (size < 3600) return relative().format(Math.round(seconds / 60), "minute");
      if (size < 86_400) return relative().format(Math.round(seconds / 3600), "hour");
      return relative().format(Math.round(seconds / 86_400), "day");
    },
    count: (n) => number().format(n),
    dayKey: (at) => keyed().format(of(at)),
    list: (words) => list().format(words),
  };
  cache.set(key, made);
  return made;
}

/** Makes something when it is asked for, and then keeps it. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Formats in the reader's language and in the tenant's time zone. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const { data } = useQuery({ ...tenant, enabled: false });
  const zone = data?.zone;
  const locale = localeOf(i18n.language, data?.locale, data?.country ?? undefined);
  return useMemo(() => formats(locale, zone), [locale, zone]);
}

/** The tenant's own kind of the reader's language: en-GB writes days before months, en-US does not. */
export function localeOf(language: string, tenant?: string, country?: string): string {
  if (tenant?.split("-")[0] !== language) return language;
  if (tenant.includes("-") || !country) return tenant;
  return `${tenant}-${country}`;
}
