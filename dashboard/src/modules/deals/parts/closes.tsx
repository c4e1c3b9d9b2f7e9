import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { Choices, FilterChip } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { CLOSES, type Closes } from "../address";
import { dayWords } from "../../tasks/when";
import { closingOf, type Ends, putClosing } from "../closing";

interface Props {
  closes: Closes | undefined;
  filter: readonly string[];
  onChange: (next: { closes: Closes | undefined; filter: string[] }) => void;
}

/** When deals should close: a span that moves with today, or days of one's own. */
export function ClosesFilter({ closes, filter, onChange }: Props) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const ends = closingOf(filter);
  const put = (next: Closes | undefined, days: Ends | undefined) =>
    onChange({ closes: next, filter: putClosing(filter, days) });
  const says = ({ from, to, filled, empty }: Ends) => {
    if (filled || empty) return t(filled ? "deals.closes.some" : "deals.closes.none");
    const [first, last] = [from, to].map((day) => (day ? dayWords(day, locale) : undefined));
    if (first && last) return t("deals.closesBetween", { from: first, to: last });
    return first ? t("deals.closesFrom", { from: first }) : t("deals.closesTo", { to: last });
  };
  return (
    <FilterChip
      label={t("deals.closesLabel")}
      shown={closes ? t(`deals.closes.${closes}`) : ends && says(ends)}
      onClear={() => put(undefined, undefined)}
    >
      {(close) => (
        <>
          <Choices
            label={t("deals.closesLabel")}
            choices={[
              ...CLOSES.map((value) => ({ value: value as string, label: t(`deals.closes.${value}`) })),
              { value: "some", label: t("deals.closes.some") },
            ]}
            value={closes ?? (ends?.filled ? "some" : undefined)}
            onChoose={(next) => {
              close();
              const known = CLOSES.find((value) => value === next);
              if (next === "some") put(undefined, ends?.filled ? undefined : { filled: true });
              else put(known === closes ? undefined : known, undefined);
            }}
          />
          <Days
            ends={ends}
            onPut={(next) => {
              close();
              put(undefined, next);
            }}
          />
        </>
      )}
    </FilterChip>
  );
}

function Days({ ends, onPut }: { ends: Ends | undefined; onPut: (next: Ends | undefined) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [days, setDays] = useState({ from: ends?.from ?? "", to: ends?.to ?? "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { from, to } = days;
    onPut(from || to ? { ...(from && { from }), ...(to && { to }) } : undefined);
  };
  return (
    <form onSubmit={submit} className="flex w-60 flex-col gap-2.5 border-line border-t p-3">
      {(["from", "to"] as const).map((end) => (
        <FieldFrame key={end} id={`${id}-${end}`} label={t(`deals.closesEnd.${end}`)}>
          <input
            id={`${id}-${end}`}
            type="date"
            value={days[end]}
            max="9998-12-31"
            onChange={(event) => setDays({ ...days, [end]: event.target.value })}
            className={`${inputLook} ${inputHeight}`}
          />
        </FieldFrame>
      ))}
      <Button type="submit" writes={false} size="small">
        {t("deals.bulk.setDay")}
      </Button>
    </form>
  );
}
