import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Choices } from "@/ui/filter";
import { FilterChip } from "../contacts/filters/chip";
import { choosable } from "./data";

const SAID = /^segment:(eq|ne):(seg_\w+)$/u;

/** Segments that the list of contacts is narrowed to, each a chip, and a way to choose one. */
export function SegmentFilters(props: { filter: readonly string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const { data: all = [] } = useQuery(choosable);
  const { filter, onChange } = props;
  const set = filter.flatMap((text) => {
    const [, op, id] = SAID.exec(text) ?? [];
    return id ? [{ text, op, id }] : [];
  });
  const choices = all.map(({ id, name }) => ({ value: id, label: name }));
  const nameOf = (id: string) => all.find((one) => one.id === id)?.name ?? t("segments.gone");
  if (set.length === 0 && choices.length === 0) return null;
  const chooser = (old: string | undefined, close: () => void) => (
    <Choices
      label={t("segments.one")}
      choices={choices}
      onChoose={(id) => {
        close();
        const next = `segment:eq:${id}`;
        onChange([...filter.filter((text) => text !== old && text !== next), next]);
      }}
    />
  );
  return (
    <>
      {set.map(({ text, op, id }) => (
        <FilterChip
          key={text}
          label={t("segments.one")}
          set={op === "ne" ? t("segments.notIn", { name: nameOf(id) }) : nameOf(id)}
          onClear={() => onChange(filter.filter((other) => other !== text))}
        >
          {(close) => chooser(text, close)}
        </FilterChip>
      ))}
      {set.length === 0 && <FilterChip label={t("segments.one")}>{(close) => chooser(undefined, close)}</FilterChip>}
    </>
  );
}
