import { Check } from "lucide-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { say } from "@/ui/toast";
import { type Stage, stages } from "../data";
import { COLOURS } from "../tags/data";
import { TagDot } from "../tags/dot";
import { patchStage, useStageChanges } from "./data";

const OUTCOMES = ["open", "won", "lost"] as const satisfies readonly Stage["outcome"][];
const ENTRIES = ["new", "converted"] as const satisfies readonly NonNullable<Stage["entry"]>[];

interface Draft {
  label: string;
  colour: string | null;
  outcome: Stage["outcome"];
  entry: Stage["entry"];
}

const draftOf = (stage: Stage | undefined): Draft => ({
  label: stage?.label ?? "",
  colour: stage ? (stage.colour ?? null) : COLOURS[0],
  outcome: stage?.outcome ?? "open",
  entry: stage?.entry,
});

const LABELS = {
  label: "field.name",
  colour: "contacts.stages.colour",
  outcome: "contacts.stages.means",
  entry: "contacts.stages.entry",
} as const;

/** A stage, new or not: name, colour, how it ends the way and who comes into it by himself. */
export function EditStage(props: { stage?: Stage; all: readonly Stage[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { stage, all, onClose } = props;
  const id = useId();
  const cache = useQueryClient();
  const { draft, setDraft, newer, update, theirs } = useDraftOf(stage, draftOf);
  const { label, colour, outcome, entry } = draft;
  const put = (next: Partial<Draft>) => setDraft((now) => ({ ...now, ...next }));
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
    const done = {
      onSuccess: () => {
        say(t("action.saved"));
        onClose();
      },
    };
    if (stage)
      change.mutate(
        () =>
          update({
            send: (base, said) =>
              patchStage(base ?? stage, { ...said, label: said.label.trim(), entry: said.entry ?? null }),
            read: async () => {
              const { items } = await cache.fetchQuery({ ...stages, staleTime: 0 });
              return items.find(({ id }) => id === stage.id) ?? stage;
            },
          }),
        done,
      );
    else create.mutate({ label: label.trim(), outcome, ...(colour && { colour }), ...(entry && { entry }) }, done);
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      {error && wrong.length === 0 && <Trouble>{sayThrown(error)}</Trouble>}
      <Newer of={newer} label={(key) => t(LABELS[key])} texts={["label"]} onTheirs={theirs} />
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
          onChange={(event) => put({ label: event.target.value })}
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
              onClick={() => put({ colour: one })}
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
          onChange={(event) => put({ outcome: OUTCOMES.find((one) => one === event.target.value) ?? "open" })}
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
          onChange={(event) => put({ entry: ENTRIES.find((one) => one === event.target.value) })}
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
