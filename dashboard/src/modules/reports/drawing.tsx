import { size } from "./said";
import type { Numbered, Table } from "./data";

const [WIDE, HIGH] = [600, 150];

/** Of lines in one currency, or in none when it is empty, or of all. */
const linesOf = ({ lines }: Table, currency: string | undefined) =>
  lines.filter(({ label }) => currency === undefined || (label.currency ?? "") === currency);

/** The highest number of a column, now or before: the top line of its drawing. */
export function topOf(table: Table, column: number, currency: string | undefined): Numbered {
  const unit = table.columns[column]?.unit ?? "count";
  return linesOf(table, currency)
    .flatMap(({ numbers }) => numbers[column] ?? [])
    .flatMap((number) => [number, { ...number, value: number.before ?? 0 }])
    .reduce((top, number) => (size(unit, number) > size(unit, top) ? number : top), { value: 0 });
}

/** Columns along time, those of the days before as outlines behind them. What they say stands in the table below. */
export function Columns(props: { table: Table; column: number; currency?: string | undefined }) {
  const { table, column, currency } = props;
  const unit = table.columns[column]?.unit ?? "count";
  const lines = linesOf(table, currency);
  const numbers = lines.flatMap(({ numbers }) => numbers[column] ?? []);
  const tall = (value: number) => (value / most) * (HIGH - 8);
  const most = Math.max(1, size(unit, topOf(table, column, currency)));
  const step = WIDE / Math.max(1, numbers.length);
  const bar = Math.max(1, Math.min(40, step * 0.62));
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      preserveAspectRatio="none"
      className="block h-36 w-full rtl:-scale-x-100"
    >
      {[0, 0.5, 1].map((part) => (
        <line
          key={part}
          x1="0"
          x2={WIDE}
          y1={HIGH - 1 - part * (HIGH - 8)}
          y2={HIGH - 1 - part * (HIGH - 8)}
          stroke="var(--chart-grid)"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {numbers.map((number, at) => {
        const [now, before] = [size(unit, number), size(unit, { ...number, value: number.before ?? 0 })];
        const x = at * step + (step - bar) / 2;
        return (
          <g key={lines[at]?.label.from ?? at}>
            <rect x={x} y={HIGH - 1 - tall(now)} width={bar} height={tall(now)} rx="2" fill="var(--chart-1)" />
            {before > 0 && (
              <line
                x1={x - bar * 0.15}
                x2={x + bar * 1.15}
                y1={HIGH - 1 - tall(before)}
                y2={HIGH - 1 - tall(before)}
                stroke="var(--chart-2)"
                strokeWidth="2"
                strokeDasharray="6 4"
                vectorEffect="non-scaling-stroke"
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** How much of the most a line is. */
export function Bar({ part, funnel }: { part: number; funnel: boolean }) {
  const wide = Math.max(0, Math.min(100, part * 100));
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className="mt-1.5 block h-1.5 w-full max-w-80 rtl:-scale-x-100"
    >
      <rect width="100" height="6" rx="1" fill="var(--sunken)" />
      <rect x={funnel ? (100 - wide) / 2 : 0} width={wide} height="6" rx="1" fill="var(--chart-1)" />
    </svg>
  );
}
