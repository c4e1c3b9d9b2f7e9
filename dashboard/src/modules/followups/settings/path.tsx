import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Sequence } from "../data";

/** The steps of a sequence as bodies on a line, each above its own words; a line that ends goes on below. */
export function Path({ sequence }: { sequence: Pick<Sequence, "name" | "steps"> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { name, steps } = sequence;
  return (
    <ol
      aria-label={t("followups.sequences.path", { name })}
      className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-y-3"
    >
      {steps.map(({ day, title }, i) => (
        <li
          key={i}
          className="relative min-w-0 pe-4 pt-4 text-[12.5px] before:absolute before:inset-x-0 before:top-[4px] before:h-px before:bg-line-2 after:absolute after:start-0 after:top-0 after:size-[9px] after:rounded-full after:bg-accent last:before:hidden"
        >
          <span className="num block font-[590] text-ink-2">
            {t("followups.sequences.day", { day: formats.count(day) })}
          </span>
          <bdi className="block truncate text-muted" title={title}>
            {title}
          </bdi>
        </li>
      ))}
    </ol>
  );
}
