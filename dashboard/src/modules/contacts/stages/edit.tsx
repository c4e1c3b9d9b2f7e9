import { Check } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { say } from "@/ui/toast";
import type { Stage } from "../data";
import { COLOURS } from "../tags/data";
import { TagDot } from "../tags/dot";
import { useStageChanges } from "./data";

const OUTCOMES = ["open", "won", "lost"] as const satisfies readonly Stage["outcome"][];
const ENTRIES = ["new", "converted"] as const satisfies readonly NonNullable<Stage["entry"]>[];

/** A stage, new or not: name, colour, how it ends the way and who comes into it by himself. */
export function EditStage(props: { stage?: Stage; all: readonly Stage[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { stage, all, onClose } = props;
  const id = useId();
  const [label, setLabel] = useState(stage?.label ?? "");
  const [colour, setColour] = useState<string | null>(stage ? (stage.colour ?? null) : COLOURS[0]);
  const [outcome, setOutcome] = useState<Stage["outcome"]>(stage?.outcome ?? "open");
  const [entry, setEntry] = useState<Stage["entry"]>(stage?.entry);
  const { create, change } = useStageChanges();
  const error = change.error ?? create.error;
  const wrong = error instanceof ApiProblem ? error.fields : [];
  const said = (field: string) => {
    const code = wrong.find((problem) => problem.field === `/${field}`)?.code;
    return code && sayProblem(code);
  };
  const holder = all.find((other) => other.entry === entry && other.id !== stage?.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending || change.isPending) return;
    const name = label.trim();
    const done = {
      onSuccess: () => {
        say(t("action.saved"));
        onClose();
      },
    };
    if (stage) change.mutate({ stage, body: { label: name, colour, outcome, entry: entry ?? null } }, done);
    else create.mutate({ label: name, outcome, ...(colour && { colour }), ...(entry && { entry }) }, done);
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      {error && wrong.length === 0 && <Trouble>{sayThrown(error)}</Trouble>}
      <FieldFrame id={id} label={t("field.name")} error={said("label")}>
        <input
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here
          autoFocus
          value={label}
          maxLength={60}
          dir="auto"
          aria-invalid={said("label") ? true : undefined}
          aria-describedby={said("label") ? `${id}-say` : undefined}
          onChange={(event) => setLabel(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <fieldset>
        <legend className="mb-1.5 text-sm font-[560]">{t("contacts.stages.colour")}</legend>
        <div className="flex flex-wrap gap-1">
          {[null, ...COLOURS].map((one, index) => (
            <button
              key={one ?? "none"}
              type="button"
              aria-pressed={colour === one}
              aria-label={one ? t("contacts.colour", { number: index }) : t("contacts.colourNone")}
              onClick={() => setColour(one)}
              className="relative grid size-9 place-items-center rounded-[8px] hover:bg-hover aria-pressed:bg-hover max-md:size-11"
            >
              <TagDot colour={one} />
              {colour === one && (
                <Check aria-hidden="true" className="absolute end-0.5 bottom-0.5 size-3 text-accent-text" />
              )}
            </button>
          ))}
        </div>
      </fieldset>
      <FieldFrame
        id={`${id}-outcome`}
        label={t("contacts.stages.means")}
        help={t(`contacts.stages.outcomeHelp.${outcome}`)}
        error={said("outcome")}
      >
        <Select
          id={`${id}-outcome`}
          value={outcome}
          onChange={(event) => setOutcome(OUTCOMES.find((one) => one === event.target.value) ?? "open")}
        >
          {OUTCOMES.map((one) => (
            <option key={one} value={one}>
              {t(`contacts.stages.outcome.${one}`)}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <FieldFrame
        id={`${id}-entry`}
        label={t("contacts.stages.entry")}
        help={holder ? t("contacts.stages.entryTaken", { stage: holder.label }) : undefined}
        error={said("entry")}
      >
        <Select
          id={`${id}-entry`}
          value={entry ?? ""}
          disabled={stage?.entry === "new"}
          onChange={(event) => setEntry(ENTRIES.find((one) => one === event.target.value))}
        >
          <option value="">{t("contacts.stages.entryNone")}</option>
          {ENTRIES.map((one) => (
            <option key={one} value={one}>
              {t(`contacts.stages.entryOf.${one}`)}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={create.isPending || change.isPending}>
          {t(stage ? "action.save" : "action.add")}
        </Button>
      </footer>
    </form>
  );
}
