import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import type { CustomField } from "../../fields/data";
import { minorTyped, shapeOf, typed } from "../../fields/show";
import { DayInput } from "./day-input";

/** What is asked of one of the tenant's own fields. */
export function OwnEditor(props: { field: CustomField; op?: string; value?: string; onPut: (filter: string) => void }) {
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
    const value = shape === "money" ? String(minorTyped(text, field.currency ?? "EUR") ?? "") : text.trim();
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
        ) : shape === "date" ? (
          <DayInput label={t("fields.value")} value={text} onChange={setText} />
        ) : (
          <FieldFrame id={ids.value} label={t("fields.value")}>
            <input
              id={ids.value}
              type="text"
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
