import { ListPlus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Menu, MenuItem } from "@/ui/menu";
import { minorOf } from "@/ui/money";
import { type CustomField, useShown } from "../../fields/data";
import { shapeOf, shown, typed } from "../../fields/show";
import { FilterChip } from "./chip";

/** What can be asked of a value, by what it is; a formula is asked for what it gives. */
function opsOf(field: CustomField): readonly string[] {
  switch (shapeOf(field)) {
    case "number":
    case "money":
    case "date":
      return ["gte", "lte", "eq"];
    case "select":
      return ["eq", "ne"];
    case "multi_select":
      return ["has"];
    case "checkbox":
      return ["eq"];
    case "long_text":
      return ["contains"];
    case "text":
      return ["contains", "eq"];
    default:
      return [];
  }
}

/** Conditions on the tenant's own fields, each a chip, and a way to add one. */
export function OwnFilters({ filter, onChange }: { filter: readonly string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const fields = useShown("contact");
  const [adding, setAdding] = useState<CustomField>();
  if (fields.length === 0) return null;
  const set = filter.flatMap((text) => {
    const [, key, op = "", value = ""] = /^custom\.(\w+):(\w+):(.*)$/su.exec(text) ?? [];
    const field = fields.find((one) => one.key === key);
    return field ? [{ text, field, op, value }] : [];
  });
  const says = ({ field, op, value }: (typeof set)[number]) => {
    if (op === "empty") return t(value === "true" ? "contacts.saying.empty" : "contacts.saying.filled");
    const shape = shapeOf(field);
    const meant = shape === "checkbox" ? value === "true" : shape === "multi_select" ? [value] : value;
    const text = shown(field, meant, formats, t);
    return op === "eq" || op === "has" ? text : `${t(`fields.op.${op as "gte"}`)} ${text}`;
  };
  return (
    <>
      {set.map((one) => (
        <FilterChip
          key={one.text}
          label={one.field.label}
          set={says(one)}
          onClear={() => onChange(filter.filter((other) => other !== one.text))}
        >
          {(close) => (
            <Editor
              field={one.field}
              op={one.op}
              value={one.value}
              onPut={(next) => {
                close();
                onChange(filter.map((other) => (other === one.text ? next : other)));
              }}
            />
          )}
        </FilterChip>
      ))}
      {adding && (
        <FilterChip
          key={`new/${adding.key}`}
          label={adding.label}
          defaultOpen
          onOpenChange={(open) => !open && setAdding(undefined)}
        >
          {() => (
            <Editor
              field={adding}
              onPut={(next) => {
                setAdding(undefined);
                onChange([...filter.filter((other) => other !== next), next]);
              }}
            />
          )}
        </FilterChip>
      )}
      <Menu
        trigger={
          <button
            type="button"
            className="inline-flex h-8 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-[8px] px-2 text-sm text-muted hover:bg-hover hover:text-ink max-md:h-11 coarse:h-11"
          >
            <ListPlus aria-hidden="true" className="size-4" />
            {t("fields.filter")}
          </button>
        }
      >
        {fields
          .filter((field) => opsOf(field).length > 0)
          .map((field) => (
            <MenuItem key={field.id} onClick={() => setAdding(field)}>
              <bdi>{field.label}</bdi>
            </MenuItem>
          ))}
      </Menu>
    </>
  );
}

function Editor(props: { field: CustomField; op?: string; value?: string; onPut: (filter: string) => void }) {
  const { t } = useTranslation();
  const { field } = props;
  const shape = shapeOf(field);
  const ids = { op: useId(), value: useId() };
  const ops = [...opsOf(field), "filled", "empty"];
  const asked = props.op === "empty" ? (props.value === "true" ? "empty" : "filled") : props.op;
  const [op, setOp] = useState(asked ?? ops[0] ?? "filled");
  const money = shape === "money" && props.value !== undefined && props.op !== "empty";
  const [text, setText] = useState(
    money ? typed({ ...field, type: "money" }, Number(props.value)) : props.op === "empty" ? "" : (props.value ?? ""),
  );
  const bare = op === "filled" || op === "empty";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = shape === "money" ? String(minorOf(text, field.currency ?? "EUR") ?? "") : text.trim();
    if (bare) props.onPut(`custom.${field.key}:empty:${op === "empty"}`);
    else if (value !== "") props.onPut(`custom.${field.key}:${op}:${value}`);
  };
  const choices =
    shape === "checkbox"
      ? (["true", "false"] as const).map((value) => [value, t(value === "true" ? "fields.yes" : "fields.no")] as const)
      : field.options.map(({ key, label }) => [key ?? "", label] as const);
  return (
    <form onSubmit={submit} className="flex w-64 flex-col gap-3 p-3">
      <FieldFrame id={ids.op} label={<bdi>{field.label}</bdi>}>
        <Select id={ids.op} value={op} onChange={(event) => setOp(event.target.value)}>
          {ops.map((one) => (
            <option key={one} value={one}>
              {t(`fields.op.${one as "gte"}`)}
            </option>
          ))}
        </Select>
      </FieldFrame>
      {!bare &&
        (choices.length > 0 ? (
          <FieldFrame id={ids.value} label={t("fields.value")}>
            <Select id={ids.value} value={text} onChange={(event) => setText(event.target.value)}>
              <option value="">{t("fields.choose")}</option>
              {choices.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </FieldFrame>
        ) : (
          <FieldFrame id={ids.value} label={t("fields.value")}>
            <input
              id={ids.value}
              type={shape === "date" ? "date" : "text"}
              inputMode={shape === "number" || shape === "money" ? "decimal" : undefined}
              value={text}
              dir="auto"
              autoComplete="off"
              onChange={(event) => setText(event.target.value)}
              className={`${inputLook} ${inputHeight}`}
            />
          </FieldFrame>
        ))}
      <Button type="submit" look="primary" disabled={!bare && text.trim() === ""}>
        {t("fields.apply")}
      </Button>
    </form>
  );
}
