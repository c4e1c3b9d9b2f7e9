export interface Period {
  /** First and last day, and the day after it, as `YYYY-MM-DD`. */
  from: string;
  to: string;
  after: string;
}

const plus = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The last so many days where the tenant is, today among them. */
export function periodOf(days: number, now: Date, zone: string | undefined): Period {
  const to = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(now);
  return { from: plus(to, 1 - days), to, after: plus(to, 1) };
}

/** Few enough bars to be told apart: days, else weeks that end with the last day. */
export function grouped<T extends { day: string; views?: number | null; starts: number; completions: number }>(
  days: readonly T[],
  most = 92,
) {
  if (days.length <= most)
    return days.map(({ day, views, starts, completions }) => ({
      from: day,
      to: day,
      views: views ?? 0,
      starts,
      completions,
    }));
  const groups: { from: string; to: string; views: number; starts: number; completions: number }[] = [];
  for (let end = days.length; end > 0; end -= 7) {
    const week = days.slice(Math.max(0, end - 7), end);
    const sum = (of: (one: T) => number) => week.reduce((all, one) => all + of(one), 0);
    groups.unshift({
      from: week[0]?.day ?? "",
      to: week.at(-1)?.day ?? "",
      views: sum(({ views }) => views ?? 0),
      starts: sum(({ starts }) => starts),
      completions: sum(({ completions }) => completions),
    });
  }
  return groups;
}
