import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Avatar } from "@/ui/avatar";
import { IconButton } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { asked } from "../../fields/asked";
import { type Deal, ROLES, type Role } from "../data";
import { minorOf, typedOf } from "@/ui/money";

const day = z.string().check(z.regex(/^(\d{4}-\d{2}-\d{2})?$/, "date_range"));
const line = (most: number) => z.string().check(z.trim(), z.maxLength(most, "too_long"));

/** What is typed about a deal. */
export const schema = z
  .object({
    title: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
    amount: line(20),
    currency: z.string().check(z.trim(), z.toUpperCase(), z.regex(/^[A-Z]{3}$/, "currency_unknown")),
    expected_close: day,
    starts_on: day,
    ends_on: day,
    owner: z.string(),
    source: line(100),
    next_step: line(200),
    next_step_on: day,
    description: line(5000),
    stage: z.string(),
    custom: asked,
  })
  .check(
    z.refine((v) => v.amount.trim() === "" || minorOf(v.amount, v.currency) !== undefined, {
      error: "amount_invalid",
      path: ["amount"],
    }),
  );
export type Values = z.infer<typeof schema>;

/** What is typed, as the API takes it; `empty` stands for what was left out. */
export function bodyOf<E extends null | undefined>(values: Values, empty: E) {
  const or = (text: string): string | E => (text === "" ? empty : text);
  return {
    title: values.title,
    amount: minorOf(values.amount, values.currency) ?? 0,
    currency: values.currency,
    expected_close: or(values.expected_close),
    starts_on: or(values.starts_on),
    ends_on: or(values.ends_on),
    owner: or(values.owner),
    source: or(values.source),
    next_step: or(values.next_step),
    next_step_on: or(values.next_step_on),
    description: or(values.description),
  };
}

export const valuesOf = (deal: Deal): Values => ({
  title: deal.title,
  amount: deal.amount > 0 ? typedOf(deal.amount, deal.currency) : "",
  currency: deal.currency,
  expected_close: deal.expected_close ?? "",
  starts_on: deal.starts_on ?? "",
  ends_on: deal.ends_on ?? "",
  owner: deal.owner ?? "",
  source: deal.source ?? "",
  next_step: deal.next_step ?? "",
  next_step_on: deal.next_step_on ?? "",
  description: deal.description ?? "",
  stage: deal.stage,
  // Those of one that is there are changed where they stand.
  custom: {},
});

export interface Person {
  contact: string;
  name: string;
  /** What he is in the deal; that he takes part, when nothing is said. */
  role?: Role;
}

/** Who takes part and as what: found by name, taken off with a cross. */
export function People(props: { people: readonly Person[]; onChange: (people: Person[]) => void; error?: string }) {
  const { t } = useTranslation();
  const id = useId();
  const reads = useMay("contacts.read");
  const { people, onChange } = props;
  const [q, setQ] = useState("");
  const { data } = useQuery({
    queryKey: ["contacts", "found", q],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts", { params: { query: { q, limit: 5 } }, signal })),
    enabled: reads && q.trim().length > 1,
  });
  const found =
    q.trim().length > 1 ? (data?.items.filter((one) => !people.some((p) => p.contact === one.id)) ?? []) : [];
  if (!reads) return null;
  return (
    <FieldFrame id={id} label={t("deals.newContact")} optional error={props.error}>
      {people.length > 0 && (
        <ul className="mb-1.5 flex flex-col gap-1">
          {people.map(({ contact, name, role }) => (
            <li key={contact} className="flex items-center gap-2 text-[13.5px]">
              <Avatar name={name} id={contact} size="sm" />
              <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
              <Select
                aria-label={t("deals.roleOf", { name })}
                value={role ?? "other"}
                onChange={(event) => {
                  const next = event.target.value as Role;
                  onChange(people.map((one) => (one.contact === contact ? { ...one, role: next } : one)));
                }}
                className="w-40!"
              >
                {ROLES.map((one) => (
                  <option key={one} value={one}>
                    {t(`deals.role.${one}`)}
                  </option>
                ))}
              </Select>
              <IconButton
                small
                label={t("deals.removeContact", { name })}
                onClick={() => onChange(people.filter((one) => one.contact !== contact))}
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        type="search"
        value={q}
        placeholder={t("deals.findContact")}
        autoComplete="off"
        maxLength={100}
        onChange={(event) => setQ(event.target.value)}
        className={`${inputLook} ${inputHeight}`}
      />
      {found.length > 0 && (
        <ul className="mt-1 rounded-[10px] border border-line-2 p-1">
          {found.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  onChange([...people, { contact: one.id, name: one.display_name }]);
                  setQ("");
                }}
                className="flex min-h-9 w-full items-center gap-2 rounded-[8px] px-2 text-start text-[13.5px] hover:bg-hover coarse:min-h-11"
              >
                <Avatar name={one.display_name} id={one.id} size="sm" />
                <bdi className="min-w-0 truncate">{one.display_name}</bdi>
                <span className="ms-auto truncate text-cap text-muted">{one.company_name ?? one.email}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </FieldFrame>
  );
}
