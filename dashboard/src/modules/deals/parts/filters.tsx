import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { FilterChip } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { minorOf, money, typedOf } from "@/ui/money";
import { Conditions } from "../../contacts/filters/conditions";
import { OwnFilters } from "../../contacts/filters/own";
import { AdvancedFilters } from "../../segments/advanced-filter";
import type { Pipeline } from "../data";
import { type Amounts, amountsOf, FIELDS, type Field, parse, put, putAmounts, USUAL } from "../filters";

interface Props {
  filter: readonly string[];
  onChange: (next: string[]) => void;
}

/** What deals can be asked for: what every deal has, and the tenant's own fields. */
export function Filters({ lines, ...props }: Props & { lines: readonly Pipeline[] }) {
  const { t } = useTranslation();
  const stages = lines.flatMap((line) =>
    line.stages.map(({ id, name }) => ({ value: id, label: lines.length > 1 ? `${line.name}: ${name}` : name })),
  );
  return (
    <>
      <AmountFilter {...props} />
      <Conditions<Field>
        {...props}
        fields={FIELDS}
        usual={USUAL}
        parse={parse}
        put={put}
        labelOf={({ word }) => t(`deals.field.${word}`)}
        choicesOf={({ name }) => (name === "stage" ? stages : [])}
      />
      <OwnFilters record="deal" {...props} />
      <AdvancedFilters of="deals" {...props} />
    </>
  );
}

function AmountFilter({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const now = amountsOf(filter);
  const says = ({ currency, from, to }: Amounts) => {
    const [least, most] = [from, to].map((end) => (end === undefined ? undefined : money(end, currency, locale)));
    if (least && most) return t("deals.amounts.between", { from: least, to: most });
    return least ? t("deals.amounts.from", { from: least }) : t("deals.amounts.to", { to: most });
  };
  return (
    <FilterChip
      label={t("deals.field.amount")}
      shown={now && says(now)}
      onClear={() => onChange(putAmounts(filter, undefined))}
    >
      {(close) => (
        <AmountEditor
          now={now}
          onPut={(next) => {
            close();
            onChange(putAmounts(filter, next));
          }}
        />
      )}
    </FilterChip>
  );
}

/** Amounts as people write them, in units of their currency. */
function AmountEditor({ now, onPut }: { now: Amounts | undefined; onPut: (next: Amounts | undefined) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const { data } = useQuery(tenant);
  const typed = (end: number | undefined) => (now && end !== undefined ? typedOf(end, now.currency) : "");
  const [ends, setEnds] = useState({ from: typed(now?.from), to: typed(now?.to) });
  const [said, setSaid] = useState(now?.currency);
  const [refused, setRefused] = useState<string>();
  const currency = (said ?? data?.currency ?? "").trim().toUpperCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!/^[A-Z]{3}$/.test(currency)) return setRefused("currency");
    const next: Amounts = { currency };
    for (const end of ["from", "to"] as const) {
      if (ends[end].trim() === "") continue;
      const value = minorOf(ends[end], currency);
      if (value === undefined) return setRefused(end);
      next[end] = value;
    }
    onPut(next);
  };
  const problem = (field: string) => {
    if (refused !== field) return undefined;
    return t(field === "currency" ? "deals.problem.currency_unknown" : "deals.problem.amount_invalid");
  };
  const field = (name: "from" | "to" | "currency", value: string, onType: (text: string) => void) => (
    <FieldFrame id={`${id}-${name}`} label={t(`deals.amounts.${name}Label`)} error={problem(name)}>
      <input
        id={`${id}-${name}`}
        value={value}
        dir="ltr"
        inputMode={name === "currency" ? "text" : "decimal"}
        maxLength={name === "currency" ? 3 : 20}
        autoComplete="off"
        aria-invalid={refused === name || undefined}
        aria-describedby={refused === name ? `${id}-${name}-say` : undefined}
        onChange={(event) => {
          setRefused(undefined);
          onType(event.target.value);
        }}
        className={`${inputLook} ${inputHeight} num`}
      />
    </FieldFrame>
  );
  return (
    <form noValidate onSubmit={submit} className="flex w-64 flex-col gap-3 p-3">
      {field("from", ends.from, (from) => setEnds({ ...ends, from }))}
      {field("to", ends.to, (to) => setEnds({ ...ends, to }))}
      {field("currency", said ?? data?.currency ?? "", setSaid)}
      <Button type="submit" writes={false} look="primary">
        {t("contacts.filterApply")}
      </Button>
    </form>
  );
}
