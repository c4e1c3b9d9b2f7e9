import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useFormats } from "@/i18n/format";
import { Choices } from "@/ui/filter";
import { FilterChip } from "../contacts/filters/chip";
import { imports, isDraft, one } from "./data";

const SAID = /^import:eq:(cim_\w+)$/u;

/** The imports that the list of contacts is narrowed to, each a chip; its page leads here, so none is offered before. */
export function ImportFilters(props: { filter: readonly string[]; onChange: (next: string[]) => void }) {
  const { filter, onChange } = props;
  return filter.flatMap((text) => {
    const id = SAID.exec(text)?.[1];
    const without = filter.filter((other) => other !== text);
    if (!id) return [];
    return (
      <ImportChip
        key={text}
        id={id}
        onClear={() => onChange(without)}
        onChoose={(next) => onChange([...without.filter((other) => other !== next), next])}
      />
    );
  });
}

function ImportChip({ id, onClear, onChoose }: { id: string; onClear: () => void; onChoose: (next: string) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const known = useQuery(one(id));
  const all = useInfiniteQuery(imports());
  const choices = rowsOf(all.data)
    .filter((item) => !isDraft(item))
    .map((item) => ({ value: item.id, label: `${item.file_name} · ${formats.when(item.created_at)}` }));
  return (
    <FilterChip
      label={t("contacts.imports")}
      set={known.data?.file_name ?? (known.isError ? "–" : "…")}
      onClear={onClear}
    >
      {(close) => (
        <Choices
          label={t("contacts.imports")}
          value={id}
          choices={choices}
          onChoose={(next) => {
            close();
            onChoose(`import:eq:${next}`);
          }}
        />
      )}
    </FilterChip>
  );
}
