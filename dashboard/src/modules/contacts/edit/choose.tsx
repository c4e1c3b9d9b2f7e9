import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import type { FieldKey, Values } from "./merge";

const WORD = {
  first_name: "firstName",
  last_name: "lastName",
  company_name: "company",
  job_title: "job",
  email: "email",
  phone: "phone",
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
  const ready = fields.every((key) => taken[key]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const values = { ...mine };
    for (const key of fields) if (taken[key] === "theirs") values[key] = theirs[key];
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
                value={(whose === "mine" ? mine : theirs)[key]}
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
        className="mt-0.5 size-4 accent-(--accent)"
      />
      <span className="min-w-0">
        <span className="block text-cap text-muted">{props.label}</span>
        <span dir="auto" className="block font-[570] break-words">
          {props.value || t("contacts.mergeEmpty")}
        </span>
      </span>
    </label>
  );
}
