import { clsx } from "clsx";
import { useQuery } from "@tanstack/react-query";
import { Link2, ListTree, Plus, TriangleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import { Menu, MenuItem } from "@/ui/menu";
import { type Operator, operatorsOf, RELATED, type Related, type Row } from "./catalogue";
import { comparison, currencyOf, type Draft, group, related } from "./draft";
import { useChoicesOf, useFields, useNameOf } from "./fields";
import { Values } from "./values";

const GROUPS = ["all", "any", "none"] as const;
const HAS = ["has", "has_not"] as const;
const RECORDS = Object.keys(RELATED) as Related[];
/** As deep as the server takes them. */
const DEEPEST = 5;

interface Props {
  rule: Draft;
  /** Where it stands, as the server names it. */
  at: string;
  depth: number;
  /** Rules that name something that is gone, by where they stand. */
  broken: ReadonlyMap<string, string>;
  /** The related record, or the row of a list, whose fields are meant. */
  within?: Row;
  /** What amounts are of, when a rule beside or around says so. */
  currency?: string | undefined;
  onChange: (next: Draft) => void;
  onRemove?: () => void;
}

/** A group, a question for related records, or a comparison. */
export function RuleEditor(props: Props) {
  return props.rule.kind === "field" ? <Comparison {...props} /> : <Group {...props} />;
}

function Group({ rule, at, depth, broken, within, currency, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const asks = rule.kind === "has" || rule.kind === "has_not";
  const inside = asks ? rule.record : within;
  const add = (next: Draft) => onChange({ ...rule, rules: [...rule.rules, next] });
  const put = (index: number, next: Draft | undefined) =>
    onChange({ ...rule, rules: rule.rules.flatMap((old, n) => (n === index ? (next ?? []) : old)) });
  const record = rule.record ? t(`segments.record.${rule.record}`) : "";
  const name = asks ? t("segments.relatedOf", { record }) : t("segments.group");
  return (
    <fieldset
      className={clsx(
        "flex min-w-0 flex-col gap-2.5",
        depth > 1 && "rounded-[12px] border border-line bg-sunken/40 p-3 max-md:p-2.5",
      )}
    >
      <legend className="sr-only">{name}</legend>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Select
          aria-label={asks ? t("segments.whether", { record }) : t("segments.how")}
          value={rule.kind}
          onChange={(event) => onChange({ ...rule, kind: event.target.value as Draft["kind"] })}
          className="w-auto! max-w-full font-[570]"
        >
          {(asks ? HAS : GROUPS).map((kind) => (
            <option key={kind} value={kind}>
              {asks ? t(`segments.${kind as "has"}.${rule.record ?? "deal"}`) : t(`segments.match.${kind as "all"}`)}
            </option>
          ))}
        </Select>
        {asks && rule.rules.length > 0 && <span className="text-muted">{t("segments.where")}</span>}
        <span className="flex-1" />
        {onRemove && (
          <IconButton small label={t("segments.remove", { name })} onClick={onRemove}>
            <X />
          </IconButton>
        )}
      </div>
      {rule.rules.length > 0 && (
        <ul className="flex flex-col gap-2">
          {rule.rules.map((inner, index) => (
            <li key={inner.key}>
              <RuleEditor
                rule={inner}
                at={`${at}/rules/${index}`}
                depth={depth + 1}
                broken={broken}
                {...(inside && { within: inside })}
                currency={currencyOf(rule) ?? (asks ? undefined : currency)}
                onChange={(next) => put(index, next)}
                onRemove={() => put(index, undefined)}
              />
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-1.5">
        <Button size="small" look="ghost" icon={<Plus />} onClick={() => add(comparison())}>
          {t("segments.addRule")}
        </Button>
        {depth < DEEPEST - 1 && (
          <Button size="small" look="ghost" icon={<ListTree />} onClick={() => add(group())}>
            {t("segments.addGroup")}
          </Button>
        )}
        {!inside && depth < DEEPEST - 1 && (
          <Menu
            trigger={
              <Button size="small" look="ghost" icon={<Link2 />}>
                {t("segments.addRelated")}
              </Button>
            }
          >
            {RECORDS.map((one) => (
              <MenuItem key={one} onClick={() => add(related(one))}>
                {t(`segments.record.${one}`)}
              </MenuItem>
            ))}
          </Menu>
        )}
      </div>
    </fieldset>
  );
}

function Comparison({ rule, at, broken, within, currency, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const fields = useFields(within);
  const nameOf = useNameOf();
  const choicesOf = useChoicesOf();
  const { data: account } = useQuery(tenant);
  const named = fields.find(({ name }) => name === rule.field);
  const unit = named?.currency ?? (named?.home ? undefined : currency) ?? account?.currency;
  const field = named?.kind === "money" && unit ? { ...named, currency: unit } : named;
  const name = field ? nameOf(field, within) : t("segments.rule");
  const missing = broken.get(at);
  const choose = (next: string) => {
    const chosen = fields.find((one) => one.name === next);
    const op = chosen && operatorsOf(chosen.kind)[0];
    onChange({ ...rule, field: next, ...(op && { op }), values: [] });
  };
  return (
    <div
      className={clsx(
        "flex flex-wrap items-center gap-2 rounded-[10px] border bg-surface p-2",
        missing ? "border-warning" : "border-line",
      )}
    >
      <div className="w-48 max-md:w-full">
        <Select
          aria-label={t("segments.fieldLabel")}
          value={field ? rule.field : rule.field ? "gone" : ""}
          onChange={(event) => choose(event.target.value)}
        >
          {!field && (
            <option value={rule.field ? "gone" : ""}>{t(rule.field ? "segments.gone" : "segments.choose")}</option>
          )}
          {fields.map((one) => (
            <option key={one.name} value={one.name}>
              {nameOf(one, within)}
            </option>
          ))}
        </Select>
      </div>
      {field && rule.op && (
        <>
          <div className="w-44 max-md:w-full">
            <Select
              aria-label={t("segments.opFor", { field: name })}
              value={rule.op}
              onChange={(event) => {
                const op = event.target.value as Operator;
                onChange({ ...rule, op, values: [] });
              }}
            >
              {operatorsOf(field.kind).map((op) => (
                <option key={op} value={op}>
                  {t(`segments.op.${op}`)}
                </option>
              ))}
            </Select>
          </div>
          <Values
            key={`${rule.field}/${rule.op}/${field.currency ?? ""}`}
            field={field}
            op={rule.op}
            values={rule.values}
            choices={choicesOf(field)}
            label={name}
            onChange={(values) => onChange({ ...rule, values })}
          />
        </>
      )}
      <span className="ms-auto flex items-center">
        {onRemove && (
          <IconButton small label={t("segments.remove", { name })} onClick={onRemove}>
            <X />
          </IconButton>
        )}
      </span>
      {missing && (
        <p className="flex basis-full items-center gap-1.5 text-cap text-warning-text">
          <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0" />
          {t(`segments.missing.${missing as "tag"}`)}
        </p>
      )}
    </div>
  );
}
