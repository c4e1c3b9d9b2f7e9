import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Sequence } from "../data";

/** Where a day stands between the first and the last, in percent: days far apart move closer, so that all can be read. */
const placesOf = (days: readonly number[]): number[] => {
  const far = days.map((day) => Math.sqrt(day));
  const last = Math.max(...far, 1);
  return far.map((each) => 4 + (each / last) * 90);
};

/** The steps of a sequence as bodies along a trajectory; on phones the list under it says the same. */
export function Path({ sequence }: { sequence: Pick<Sequence, "name" | "steps"> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { name, steps } = sequence;
  const places = placesOf(steps.map(({ day }) => day));
  const said = steps.map(({ day, title }) => `${t("followups.sequences.day", { day: formats.count(day) })}: ${title}`);
  return (
    <div className="mt-2.5">
      <svg
        viewBox="0 0 100 18"
        preserveAspectRatio="none"
        role="img"
        aria-label={t("followups.sequences.path", { name, steps: said.join(", ") })}
        className="h-9 w-full rtl:-scale-x-100"
      >
        <path
          d="M1 15Q50 -3 99 15"
          fill="none"
          stroke="var(--line-2)"
          strokeWidth="1"
          vectorEffect="non-scaling-stroke"
        />
        {places.map((x, i) => {
          const share = (x - 1) / 98;
          const y = (1 - share) ** 2 * 15 + 2 * share * (1 - share) * -3 + share ** 2 * 15;
          return (
            <line
              key={i}
              x1={x}
              x2={x}
              y1={y}
              y2={y}
              stroke="var(--accent)"
              strokeWidth={9}
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          );
        })}
      </svg>
      <ol className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-x-4 gap-y-1.5">
        {steps.map(({ day, title }, i) => (
          <li key={i} className="min-w-0 text-[12.5px]">
            <span className="num block font-[590] text-ink-2">
              {t("followups.sequences.day", { day: formats.count(day) })}
            </span>
            <bdi className="block truncate text-muted" title={title}>
              {title}
            </bdi>
          </li>
        ))}
      </ol>
    </div>
  );
}
