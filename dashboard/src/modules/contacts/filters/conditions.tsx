import { ListFilter, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Choice } from "@/ui/filter";
import { Menu, MenuItem } from "@/ui/menu";
import { FilterChip } from "./chip";
import { isMoving, movingDay } from "./days";
import { Editor } from "./editor";
import { type Asked, type ConditionOf, isListed, sayingOf, valuesOf, written } from "./model";

/** The first condition of a field is the chip that was there unset; tags are chips of their own. */
function keyOf({ field, op, ...rest }: ConditionOf<string>, before: readonly { known: ConditionOf<string> }[]): string {
  if (field === "tag") return `tag/${op}/${rest.value}`;
  return before.some(({ known }) => known.field === field) ? `${field}/${op}` : field;
}

/** Every condition as a chip, the usual ones dashed until they are set, and a way to add any other. */
export function Conditions<F extends Asked>(props: {
  filter: readonly string[];
  onChange: (next: string[]) => void;
  fields: readonly F[];
  /** Always offered; the others come when somebody wants them. */
  usual: readonly F[];
  parse: (filter: string) => ConditionOf<F["name"]> | undefined;
  put: (filters: readonly string[], next: ConditionOf<F["name"]>) => string[];
  labelOf: (field: F) => string;
  choicesOf: (field: F) => readonly Choice[];
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { filter, onChange, fields, usual, parse, put, labelOf, choicesOf } = props;
  const [adding, setAdding] = useState<F>();
  const fieldOf = (name: F["name"]) => fields.find((field) => field.name === name) as F;
  const set = filter.flatMap((text) => {
    const known = parse(text);
    return known ? [{ text, known }] : [];
  });
  const editor = (field: F, now: ConditionOf<F["name"]> | undefined, close: () => void) => (
    <Editor
      field={field}
      label={labelOf(field)}
      now={now}
      choices={choicesOf(field)}
      zone={formats.zone}
      onDone={close}
      onPut={(next) => {
        const others = now ? filter.filter((text) => text !== written(now)) : [...filter];
        onChange(next ? put(others, next) : others);
      }}
    />
  );
  const says = (known: ConditionOf<F["name"]>) => {
    const field = fieldOf(known.field);
    const saying = sayingOf(known);
    if (saying === "empty" || saying === "filled") return t(`contacts.saying.${saying}`);
    const { kind } = field;
    if ((kind === "day" || kind === "date") && isMoving(known.value))
      return `${t(`contacts.saying.${saying}`)}: ${movingDay(known.value, formats.locale)}`;
    const labels = valuesOf(known).map((value) =>
      kind === "day"
        ? formats.when(value)
        : kind === "date"
          ? dateOf(value, formats.locale)
          : (choicesOf(field).find((c) => c.value === value)?.label ?? value),
    );
    const text = formats.list(labels);
    return saying === "is" || saying === "has" ? text : `${t(`contacts.saying.${saying}`)} ${text}`;
  };
  const unset = usual.filter(
    (field) =>
      (field.name === "tag" || !set.some(({ known }) => known.field === field.name)) && offered(field, choicesOf),
  );
  const others = fields.filter((field) => !usual.includes(field));
  return (
    <>
      {/* One list: a chip that is set stays the same chip, with its editor open. */}
      {[
        ...set.map(({ text, known }, index) => (
          <FilterChip
            key={keyOf(known, set.slice(0, index))}
            label={labelOf(fieldOf(known.field))}
            set={says(known)}
            onClear={() => onChange(filter.filter((other) => other !== text))}
          >
            {(close) => editor(fieldOf(known.field), known, close)}
          </FilterChip>
        )),
        ...unset.map((field) => (
          <FilterChip key={field.name === "tag" ? "tag/more" : field.name} label={labelOf(field)}>
            {(close) => editor(field, undefined, close)}
          </FilterChip>
        )),
      ]}
      {adding && (
        <FilterChip
          key={`new/${adding.name}`}
          label={labelOf(adding)}
          defaultOpen
          onOpenChange={(open) => !open && setAdding(undefined)}
        >
          {(close) => editor(adding, undefined, close)}
        </FilterChip>
      )}
      <Menu
        trigger={
          <button
            type="button"
            className="inline-flex h-8 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-[8px] px-2 text-sm text-muted hover:bg-hover hover:text-ink max-md:h-11 coarse:h-11"
          >
            {set.length > 0 ? (
              <Plus aria-hidden="true" className="size-4" />
            ) : (
              <ListFilter aria-hidden="true" className="size-4" />
            )}
            {t("contacts.filter")}
          </button>
        }
      >
        {others.map((field) => (
          <MenuItem key={field.name} onClick={() => setAdding(field)}>
            {labelOf(field)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** A list without choices is no filter. */
const offered = <F extends Asked>(field: F, choicesOf: (field: F) => readonly Choice[]) =>
  !isListed(field) || choicesOf(field).length > 0;

const dateOf = (day: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
