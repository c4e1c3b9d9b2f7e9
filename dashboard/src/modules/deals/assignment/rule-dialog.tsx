import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ComponentProps, type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { tenant } from "@/api/queries";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { tags } from "@/modules/contacts/data";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { minorOf, typedOf } from "@/ui/money";
import { Segments } from "@/ui/segments";
import { pipelines, useMembers } from "../data";
import { useRuleChanges } from "./changes";
import { bodyOf, type NewRule, type Rule } from "./data";
import { useSentence } from "./sentence";

export function RuleDialog({ rule, onClose }: { rule: Rule | "new" | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const old = rule === "new" ? undefined : rule;
  const account = useQuery(tenant).data?.currency;
  return (
    <Dialog
      wide
      open={rule !== undefined && account !== undefined}
      onClose={onClose}
      title={t(old ? "deals.assignment.edit" : "deals.assignment.add")}
    >
      {account && <Form key={old?.id ?? "new"} rule={old} account={account} onClose={onClose} />}
    </Dialog>
  );
}

/** A rule as it is typed. */
interface Draft extends Pick<NewRule, "name" | "mode"> {
  pipelines: string[];
  tags: string[];
  sources: string;
  countries: string;
  industries: string;
  currency: string;
  from: string;
  to: string;
  members: { member: string; weight: string; most: string }[];
}

const draftOf = (rule: Rule | undefined, account: string): Draft => {
  const currency = rule?.currency ?? account;
  const typed = (amount: number | null | undefined) => (amount == null ? "" : typedOf(amount, currency));
  return {
    name: rule?.name ?? "",
    mode: rule?.mode ?? "round_robin",
    pipelines: rule?.pipelines ?? [],
    tags: rule?.tags ?? [],
    sources: rule?.sources.join(", ") ?? "",
    countries: rule?.countries.join(", ") ?? "",
    industries: rule?.industries.join(", ") ?? "",
    currency,
    from: typed(rule?.amount_from),
    to: typed(rule?.amount_to),
    members: (rule?.members ?? []).map(({ member, weight, most_open }) => ({
      member,
      weight: String(weight),
      most: most_open == null ? "" : String(most_open),
    })),
  };
};

const split = (text: string) =>
  text
    .split(/[,،;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== "");

/** What is typed as it is sent, and what in it is not right yet. */
function read(draft: Draft, rule: Rule | undefined): { body: NewRule; wrong: Record<string, string> } {
  const wrong: Record<string, string> = {};
  const amount = (field: "from" | "to") => {
    const text = draft[field].trim();
    if (text === "") return undefined;
    const minor = minorOf(text, draft.currency);
    if (minor === undefined) wrong[field === "from" ? "amount_from" : "amount_to"] = "amount_invalid";
    return minor;
  };
  const number = (text: string, field: string, code: string, [low, high]: [number, number]) => {
    if (text.trim() === "") return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high) wrong[field] = code;
    return value;
  };
  if (draft.name.trim() === "") wrong.name = "required";
  if (draft.members.length === 0) wrong.members = "count";
  const [from, to] = [amount("from"), amount("to")];
  const members = draft.members.map(({ member, weight, most }, i) => ({
    member,
    weight: number(weight, `members.${i}.weight`, "weight_range", [1, 10]) ?? 1,
    most_open: number(most, `members.${i}.most_open`, "limit_range", [0, 100_000]),
  }));
  const body = {
    ...(rule && { enabled: bodyOf(rule).enabled }),
    name: draft.name.trim(),
    mode: draft.mode,
    pipelines: draft.pipelines,
    tags: draft.tags,
    sources: split(draft.sources),
    countries: split(draft.countries),
    industries: split(draft.industries),
    // Without an amount a rule is for every currency.
    ...((from !== undefined || to !== undefined) && { currency: draft.currency.trim().toUpperCase() }),
    amount_from: from,
    amount_to: to,
    members,
  };
  return { body, wrong };
}

function Form({ rule, account, onClose }: { rule: Rule | undefined; account: string; onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSentence();
  const changes = useRuleChanges();
  const members = useMembers();
  const lines = useQuery(pipelines).data ?? [];
  const known = useQuery(tags).data ?? [];
  const [draft, setDraft] = useState(() => draftOf(rule, account));
  const [tried, setTried] = useState(false);
  const change = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  const { body, wrong } = read(draft, rule);
  const error = changes.put.error ?? changes.add.error;
  const told: Record<string, string> = {
    ...(tried && wrong),
    ...(error instanceof ApiProblem &&
      Object.fromEntries(error.fields.map(({ field, code }) => [field.slice(1).replaceAll("/", "."), code]))),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length > 0 || changes.put.isPending || changes.add.isPending) return;
    if (rule) changes.put.mutate({ rule, body }, { onSuccess: onClose });
    else changes.add.mutate(body, { onSuccess: onClose });
  };
  const free = [...members].filter(([id]) => !draft.members.some(({ member }) => member === id));
  const seat = (at: number, next: Partial<Draft["members"][number]>) =>
    change({ members: draft.members.map((one, i) => (i === at ? { ...one, ...next } : one)) });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {Boolean(error) && Object.keys(told).length === 0 && <Trouble>{sayThrown(error)}</Trouble>}
      <p role="status" className="rounded-[12px] bg-sunken px-3.5 py-2.5 text-sm text-ink-2 [overflow-wrap:anywhere]">
        {say(body)}
      </p>
      <Text
        label={t("field.name")}
        value={draft.name}
        wrong={told.name}
        maxLength={60}
        dir="auto"
        onChange={(event) => change({ name: event.target.value })}
      />
      <div>
        <Segments
          label={t("deals.assignment.how")}
          value={draft.mode}
          onChange={(mode) => change({ mode })}
          options={(["round_robin", "least_busy"] as const).map((value) => ({
            value,
            label: t(`deals.assignment.mode.${value}`),
          }))}
        />
        <p className="mt-1.5 text-cap text-muted">{t(`deals.assignment.modeHelp.${draft.mode}`)}</p>
      </div>
      <fieldset>
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("deals.assignment.members")}</legend>
        <ul className="flex flex-col gap-2">
          {draft.members.map(({ member, weight, most }, at) => {
            const name = members.get(member) ?? t("deals.assignment.former");
            return (
              <li key={member} className="flex items-end gap-2.5">
                <bdi className="min-w-0 flex-1 truncate pb-2 text-sm">{name}</bdi>
                <Text
                  className="w-20"
                  label={t("deals.assignment.weight")}
                  name={t("deals.assignment.weightOf", { name })}
                  value={weight}
                  wrong={told[`members.${at}.weight`]}
                  inputMode="numeric"
                  dir="ltr"
                  maxLength={2}
                  onChange={(event) => seat(at, { weight: event.target.value })}
                />
                <Text
                  className="w-28"
                  label={t("deals.assignment.most")}
                  name={t("deals.assignment.mostOf", { name })}
                  value={most}
                  wrong={told[`members.${at}.most_open`]}
                  inputMode="numeric"
                  dir="ltr"
                  maxLength={6}
                  onChange={(event) => seat(at, { most: event.target.value })}
                />
                <IconButton
                  label={t("deals.assignment.takeOut", { name })}
                  onClick={() => change({ members: draft.members.filter((one) => one.member !== member) })}
                >
                  <X />
                </IconButton>
              </li>
            );
          })}
        </ul>
        {free.length > 0 && (
          <Add
            label={t("deals.assignment.addMember")}
            choices={free.map(([value, label]) => ({ value, label }))}
            wrong={told.members}
            onAdd={(member) => change({ members: [...draft.members, { member, weight: "1", most: "" }] })}
          />
        )}
      </fieldset>
      <fieldset className="flex flex-col gap-3.5">
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("deals.assignment.onlyFor")}</legend>
        <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
          <Several
            label={t("deals.pipeline")}
            any={t("deals.everyPipeline")}
            choices={lines.map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.pipelines}
            onChange={(next) => change({ pipelines: next })}
          />
          <Text
            label={t("deals.field.source")}
            help={t("deals.assignment.commas")}
            value={draft.sources}
            wrong={told.sources}
            dir="auto"
            onChange={(event) => change({ sources: event.target.value })}
          />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_88px] gap-3.5">
          <Text
            label={t("deals.assignment.amountFrom")}
            value={draft.from}
            wrong={told.amount_from}
            inputMode="decimal"
            dir="ltr"
            maxLength={20}
            onChange={(event) => change({ from: event.target.value })}
          />
          <Text
            label={t("deals.assignment.amountTo")}
            value={draft.to}
            wrong={told.amount_to}
            inputMode="decimal"
            dir="ltr"
            maxLength={20}
            onChange={(event) => change({ to: event.target.value })}
          />
          <Text
            label={t("deals.field.currency")}
            value={draft.currency}
            wrong={told.currency}
            dir="ltr"
            maxLength={3}
            onChange={(event) => change({ currency: event.target.value.toUpperCase() })}
          />
        </div>
        <div className="grid grid-cols-3 gap-3.5 max-sm:grid-cols-1">
          <Text
            label={t("deals.assignment.country")}
            help={t("deals.assignment.countryHelp")}
            value={draft.countries}
            wrong={told.countries}
            dir="ltr"
            onChange={(event) => change({ countries: event.target.value })}
          />
          <Text
            label={t("deals.assignment.industry")}
            help={t("deals.assignment.commas")}
            value={draft.industries}
            wrong={told.industries}
            dir="auto"
            onChange={(event) => change({ industries: event.target.value })}
          />
          <Several
            label={t("deals.assignment.tag")}
            any={t("deals.assignment.anyTag")}
            choices={known.map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.tags}
            onChange={(next) => change({ tags: next })}
          />
        </div>
      </fieldset>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={changes.put.isPending || changes.add.isPending}>
          {t(rule ? "action.save" : "action.add")}
        </Button>
      </footer>
    </form>
  );
}

function Text({
  label,
  name,
  help,
  wrong,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "name"> & { label: string; name?: string; help?: string; wrong?: string }) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} help={help} error={wrong && sayProblem(wrong)} className={className}>
      <input
        {...rest}
        id={id}
        aria-label={name}
        autoComplete="off"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong || help ? `${id}-say` : undefined}
        className={`${inputLook} ${inputHeight}`}
      />
    </FieldFrame>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** One more of a list. */
function Add(props: { label: string; choices: readonly Choice[]; wrong?: string; onAdd: (value: string) => void }) {
  const id = useId();
  return (
    <FieldFrame id={id} label={props.label} error={props.wrong && sayProblem(props.wrong)} className="mt-2.5">
      <Select id={id} value="" onChange={(event) => event.target.value && props.onAdd(event.target.value)}>
        <option value="" />
        <Options choices={props.choices} />
      </Select>
    </FieldFrame>
  );
}

const Options = ({ choices }: { choices: readonly Choice[] }): ReactNode =>
  choices.map(({ value, label }) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));

/** Any number of a list; none means all. */
function Several(props: {
  label: string;
  any: string;
  choices: readonly Choice[];
  value: readonly string[];
  onChange: (next: string[]) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const { choices, value, onChange } = props;
  const chosen = choices.filter((choice) => value.includes(choice.value));
  return (
    <FieldFrame id={id} label={props.label}>
      <Select id={id} value="" onChange={(event) => event.target.value && onChange([...value, event.target.value])}>
        <option value="">{chosen.length === 0 ? props.any : t("deals.assignment.oneMore")}</option>
        <Options choices={choices.filter((choice) => !value.includes(choice.value))} />
      </Select>
      {chosen.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-1.5">
          {chosen.map((choice) => (
            <li key={choice.value} className="max-w-full">
              <Button
                size="small"
                onClick={() => onChange(value.filter((one) => one !== choice.value))}
                aria-label={t("deals.assignment.takeOut", { name: choice.label })}
              >
                <bdi className="truncate">{choice.label}</bdi>
                <X aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </FieldFrame>
  );
}
