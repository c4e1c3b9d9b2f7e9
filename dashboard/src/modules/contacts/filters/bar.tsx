import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Choice } from "@/ui/filter";
import { countries, languages } from "@/ui/regions";
import { BANDS, stages, TIERS, tags, useMembers } from "../data";
import { Conditions } from "./conditions";
import { FIELDS, type Field, fieldOf, parse, put, USUAL_FIELDS } from "./model";

/** What contacts can be asked for. */
export function FilterBar({ filter, onChange }: { filter: readonly string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const choicesOf = useChoices();
  return (
    <Conditions<Field>
      filter={filter}
      onChange={onChange}
      fields={FIELDS}
      usual={USUAL_FIELDS.map(fieldOf)}
      parse={parse}
      put={put}
      labelOf={({ word }) => t(`contacts.${word}`)}
      choicesOf={choicesOf}
    />
  );
}

function useChoices(): (field: Field) => readonly Choice[] {
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
  const members = useMembers();
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [lands, tongues] = useMemo(
    () => [countries, languages].map((of) => of(locale).map(({ code, name }) => ({ value: code, label: name }))),
    [locale],
  );
  return ({ name, kind }) => {
    if (name === "country") return lands ?? [];
    if (name === "language") return tongues ?? [];
    if (kind === "band") return BANDS.map((value) => ({ value, label: t(`contacts.bands.${value}`) }));
    if (kind === "tier") return TIERS.map((value) => ({ value, label: t(`contacts.tiers.${value}`) }));
    if (kind === "stage") return allStages.map(({ key, label }) => ({ value: key, label }));
    if (kind === "tag") return allTags.map(({ name }) => ({ value: name, label: name }));
    if (kind === "owner") return [...members].map(([value, label]) => ({ value, label }));
    return [];
  };
}
