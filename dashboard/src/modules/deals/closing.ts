/** Days between which deals should close, both included, or that there is any, or none. */
export interface Ends {
  from?: string;
  to?: string;
  filled?: boolean;
  empty?: boolean;
}

const CLOSING = /^expected_close:(gte|gt|lte|lt|eq|empty):(\d{4}-\d{2}-\d{2}|true|false)$/;

/** The day before one, or after it. */
const beside = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);

/** The days that filters say; none when they say none. */
export function closingOf(filters: readonly string[]): Ends | undefined {
  const ends: Ends = {};
  for (const filter of filters) {
    const [, op, value = ""] = CLOSING.exec(filter) ?? [];
    if (op === "gte" || op === "eq") ends.from = value;
    if (op === "gt") ends.from = beside(value, 1);
    if (op === "lte" || op === "eq") ends.to = value;
    if (op === "lt") ends.to = beside(value, -1);
    if (op === "empty") ends[value === "true" ? "empty" : "filled"] = true;
  }
  return Object.keys(ends).length > 0 ? ends : undefined;
}

/** The filters with these days in the place of others, or with none. */
export function putClosing(filters: readonly string[], next: Ends | undefined): string[] {
  return [
    ...filters.filter((filter) => !filter.startsWith("expected_close:")),
    ...(next?.from ? [`expected_close:gte:${next.from}`] : []),
    ...(next?.to ? [`expected_close:lte:${next.to}`] : []),
    ...(next?.filled ? ["expected_close:empty:false"] : []),
    ...(next?.empty ? ["expected_close:empty:true"] : []),
  ];
}
