import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Filter, FilterChip } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import type { Wish } from "./data";
import { useCallings } from "./note-text";

/** Who did it, and on which days. */
export function TimelineFilters({ wish, onChange }: { wish: Wish; onChange: (next: Wish) => void }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const called = useCallings();
  const id = useId();
  const day = (text: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
  const { from, until } = wish;
  const shown =
    from && until
      ? t("activities.between", { from: day(from), until: day(until) })
      : from
        ? t("activities.since", { day: day(from) })
        : until && t("activities.till", { day: day(until) });
  return (
    <>
      {called.size > 0 && (
        <Filter
          label={t("activities.by")}
          value={wish.by}
          choices={[...called].map(([value, label]) => ({ value, label }))}
          onChange={(by) => onChange({ ...wish, by })}
        />
      )}
      <FilterChip
        label={t("activities.days")}
        shown={shown}
        onClear={() => onChange({ ...wish, from: undefined, until: undefined })}
      >
        {() => (
          <div className="flex w-60 flex-col gap-3 p-3">
            {(["from", "until"] as const).map((end) => (
              <label key={end} htmlFor={`${id}${end}`} className="text-cap text-muted">
                <span className="mb-1 block">{t(`activities.${end}`)}</span>
                <input
                  id={`${id}${end}`}
                  type="date"
                  value={wish[end] ?? ""}
                  min={end === "until" ? from : undefined}
                  max={end === "from" ? until : undefined}
                  onChange={(event) => onChange({ ...wish, [end]: event.target.value || undefined })}
                  className={`${inputLook} ${inputHeight} num`}
                />
              </label>
            ))}
          </div>
        )}
      </FilterChip>
    </>
  );
}
