import { ListPlus } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Menu, MenuItem } from "@/ui/menu";
import { type CustomField, useShown } from "../../fields/data";
import type { RecordKind } from "../../fields/kinds";
import { shapeOf, shown } from "../../fields/show";
import { FilterChip } from "./chip";
import { isMoving, movingDay } from "./days";

/** Brings the fields of a form, which a list that is not narrowed does without. */
const OwnEditor = lazy(async () => ({ default: (await import("./own-editor")).OwnEditor }));

/** Conditions on the tenant's own fields, each a chip, and a way to add one. */
export function OwnFilters(props: {
  record: RecordKind;
  filter: readonly string[];
  onChange: (next: string[]) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { filter, onChange } = props;
  const fields = useShown(props.record);
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
    if (shape === "date" && isMoving(value))
      return `${t(`fields.op.${op as "gte"}`)}: ${movingDay(value, formats.locale)}`;
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
        {fields.map((field) => (
          <MenuItem key={field.id} onClick={() => setAdding(field)}>
            <bdi>{field.label}</bdi>
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** As wide as what comes. */
const Editor = (props: ComponentProps<typeof OwnEditor>) => (
  <Suspense fallback={<div className="h-48 w-64" />}>
    <OwnEditor {...props} />
  </Suspense>
);
