import { useQuery } from "@tanstack/react-query";
import { ListFilter, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Choice } from "@/ui/filter";
import { Menu, MenuItem } from "@/ui/menu";
import { stages, tags, useMembers } from "../data";
import { FilterChip } from "./chip";
import { Editor } from "./editor";
import {
  type Condition,
  FIELDS,
  type Field,
  fieldOf,
  parse,
  put,
  sayingOf,
  USUAL_FIELDS,
  valuesOf,
  written,
} from "./model";

/** The first condition of a field is the chip that was there unset; tags are chips of their own. */
function keyOf({ field, op, ...rest }: Condition, before: readonly { known: Condition }[]): string {
  if (field === "tag") return `tag/${op}/${rest.value}`;
  return before.some(({ known }) => known.field === field) ? `${field}/${op}` : field;
}

/** Every condition as a chip, the usual ones dashed until they are set, and a way to add any other. */
export function FilterBar({ filter, onChange }: { filter: readonly string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const choicesOf = useChoices();
  const [adding, setAdding] = useState<Field>();
  const set = filter.flatMap((text) => {
    const known = parse(text);
    return known ? [{ text, known }] : [];
  });
  const editor = (field: Field, now: Condition | undefined, close: () => void) => (
    <Editor
      field={field}
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
  const says = (known: Condition) => {
    const field = fieldOf(known.field);
    const saying = sayingOf(known);
    if (saying === "empty" || saying === "filled") return t(`contacts.saying.${saying}`);
    const labels = valuesOf(known).map((value) =>
      field.kind === "day" ? formats.when(value) : (choicesOf(field).find((c) => c.value === value)?.label ?? value),
    );
    const text = formats.list(labels);
    return saying === "is" || saying === "has" ? text : `${t(`contacts.saying.${saying}`)} ${text}`;
  };
  const unset = USUAL_FIELDS.map(fieldOf).filter(
    (field) =>
      (field.name === "tag" || !set.some(({ known }) => known.field === field.name)) && offered(field, choicesOf),
  );
  const others = FIELDS.filter(({ name }) => !USUAL_FIELDS.includes(name));
  return (
    <>
      {/* One list: a chip that is set stays the same chip, with its editor open. */}
      {[
        ...set.map(({ text, known }, index) => (
          <FilterChip
            key={keyOf(known, set.slice(0, index))}
            label={t(`contacts.${fieldOf(known.field).word}`)}
            set={says(known)}
            onClear={() => onChange(filter.filter((other) => other !== text))}
          >
            {(close) => editor(fieldOf(known.field), known, close)}
          </FilterChip>
        )),
        ...unset.map((field) => (
          <FilterChip key={field.name === "tag" ? "tag/more" : field.name} label={t(`contacts.${field.word}`)}>
            {(close) => editor(field, undefined, close)}
          </FilterChip>
        )),
      ]}
      {adding && (
        <FilterChip
          key={`new/${adding.name}`}
          label={t(`contacts.${adding.word}`)}
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
            {t(`contacts.${field.word}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** A list without choices is no filter. */
const offered = (field: Field, choicesOf: (field: Field) => readonly Choice[]) => choicesOf(field).length > 0;

function useChoices(): (field: Field) => readonly Choice[] {
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
  const members = useMembers();
  return ({ kind }) => {
    if (kind === "stage") return allStages.map(({ key, label }) => ({ value: key, label }));
    if (kind === "tag") return allTags.map(({ name }) => ({ value: name, label: name }));
    if (kind === "owner") return [...members].map(([value, label]) => ({ value, label }));
    return [];
  };
}
