import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { stages, useMembers } from "../data";
import { nameOf } from "../person/named";
import type { FieldKey, PHONE_KINDS, Values } from "./merge";

const WORD = {
  display_name: "shownAs",
  salutation: "salutation",
  first_name: "firstName",
  middle_name: "middleName",
  last_name: "lastName",
  company_name: "company",
  job_title: "job",
  emails: "emails",
  phones: "phones",
  profiles: "profiles",
  address: "address",
  zone: "zone",
  language: "language",
  source: "source",
  owner: "owner",
  stage: "stage",
  tags: "tags",
} as const;

/** Both versions of every field that two people changed, and a choice for each. */
export function Choose(props: {
  fields: readonly FieldKey[];
  mine: Values;
  theirs: Values;
  onBack: () => void;
  onChoose: (values: Values) => void;
}) {
  const { t } = useTranslation();
  const [taken, setTaken] = useState<Partial<Record<FieldKey, "mine" | "theirs">>>({});
  const { fields, mine, theirs } = props;
  const said = useSaid();
  const ready = fields.every((key) => taken[key]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const values = { ...mine };
    for (const key of fields) if (taken[key] === "theirs") Object.assign(values, { [key]: theirs[key] });
    props.onChoose(values);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p role="alert" className="flex items-start gap-2 rounded-[12px] bg-warning-soft px-3.5 py-2.5 text-sm">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
        {t("contacts.mergeLead")}
      </p>
      {fields.map((key) => (
        <fieldset key={key}>
          <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t(`contacts.${WORD[key]}`)}</legend>
          <div className="grid grid-cols-2 gap-2 max-md:grid-cols-1">
            {(["mine", "theirs"] as const).map((whose) => (
              <Version
                key={whose}
                name={key}
                label={t(whose === "mine" ? "contacts.mergeMine" : "contacts.mergeTheirs")}
                value={said(key, whose === "mine" ? mine : theirs)}
                checked={taken[key] === whose}
                onChoose={() => setTaken({ ...taken, [key]: whose })}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={props.onBack}>
          {t("action.back")}
        </Button>
        <Button type="submit" look="primary" disabled={!ready}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}

/** What a field says, in the words of the reader. */
function useSaid() {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const people = useMembers();
  const { data: known = [] } = useQuery(stages);
  return (key: FieldKey, values: Values): string => {
    const kind = (of: string) => t(`contacts.addressKind.${of as (typeof PHONE_KINDS)[number]}`);
    switch (key) {
      case "emails":
        return values.emails.map((line) => `${line.address} (${kind(line.kind)})`).join("\n");
      case "phones":
        return values.phones.map((line) => `${line.number} (${kind(line.kind)})`).join("\n");
      case "profiles":
        return values.profiles.map(({ url }) => url).join("\n");
      case "address": {
        const { country, ...lines } = values.address;
        return [...Object.values(lines), country && nameOf("region", locale, country)].filter(Boolean).join("\n");
      }
      case "tags":
        return values.tags.join(", ");
      case "language":
        return values.language && nameOf("language", locale, values.language);
      case "owner":
        return people.get(values.owner) ?? values.owner;
      case "stage":
        return known.find((stage) => stage.key === values.stage)?.label ?? values.stage;
      default:
        return values[key];
    }
  };
}

function Version(props: { name: string; label: string; value: string; checked: boolean; onChoose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <label
      htmlFor={id}
      className="flex min-h-14 cursor-pointer items-start gap-2.5 rounded-[12px] border border-line-2 px-3 py-2.5 text-sm has-checked:border-accent-line has-checked:bg-selected hover:border-control"
    >
      <input
        id={id}
        type="radio"
        name={`merge-${props.name}`}
        checked={props.checked}
        onChange={props.onChoose}
        className="mt-0.5"
      />
      <span className="min-w-0">
        <span className="block text-cap text-muted">{props.label}</span>
        <span dir="auto" className="block font-[570] break-words whitespace-pre-line">
          {props.value || t("contacts.mergeEmpty")}
        </span>
      </span>
    </label>
  );
}
