import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { say } from "@/ui/toast";
import { fits } from "./advanced";
import type { ListOf, Rule } from "./catalogue";
import { preview, useSegmentChanges } from "./data";
import { type Draft, isWhole, ruleOf, wholeOf } from "./draft";
import { RuleEditor } from "./rules";
import { useSettled } from "./settled";

const NOTHING: ReadonlyMap<string, string> = new Map();

interface Props {
  open: boolean;
  /** What the list is narrowed to so far. */
  rule: Rule | undefined;
  /** Which list, when it is not that of contacts. */
  of: ListOf | undefined;
  onClose: () => void;
  onApply: (rule: Rule) => void;
}

/** Conditions in each other, for the list that is shown alone. Those on contacts are kept as a segment by whoever wants that. */
export function AdvancedDialog(props: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("segments.advanced")} wide>
      <Form {...props} />
    </Dialog>
  );
}

function Form({ rule, of, onClose, onApply }: Props) {
  const { t } = useTranslation();
  const keeps = useMay("segments.write") && !of;
  const counts = useMay("segments.read") && !of;
  const [whole, setWhole] = useState<Draft>(() => wholeOf(rule));
  const [keeping, setKeeping] = useState(false);
  const next = ruleOf(whole);
  const short = fits(next);
  const ready = isWhole(whole) && short;
  const apply = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onApply(next);
  };
  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={apply} noValidate className="flex flex-col gap-4">
        <RuleEditor rule={whole} at="" depth={1} broken={NOTHING} {...(of && { within: of })} onChange={setWhole} />
        <p role="status" className="min-h-5 text-sm text-muted">
          {!short
            ? t(of ? "segments.tooLongHere" : "segments.tooLong")
            : counts && <Fitting text={ready ? JSON.stringify(next) : undefined} />}
        </p>
        <footer className="flex flex-wrap items-center gap-2">
          {keeps && !keeping && (
            <Button writes look="ghost" disabled={!ready} onClick={() => setKeeping(true)}>
              {t("segments.keepAs")}
            </Button>
          )}
          <span className="flex-1" />
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" writes={false} look="primary" disabled={!ready}>
            {t(of ? `segments.applyTo.${of}` : "segments.apply")}
          </Button>
        </footer>
      </form>
      {keeping && <Keep rule={ready ? next : undefined} onKept={() => setKeeping(false)} />}
    </div>
  );
}

/** How many fit what is written now. */
function Fitting({ text }: { text: string | undefined }) {
  const { t } = useTranslation();
  const asked = useSettled(text, 300);
  const query = useQuery({
    ...preview(asked === undefined ? { kind: "all" } : (JSON.parse(asked) as Rule)),
    enabled: asked !== undefined,
  });
  if (asked === undefined) return t("segments.unfinished");
  if (query.isError) return <span className="text-danger-text">{sayThrown(query.error)}</span>;
  return query.data ? t("segments.people", { count: query.data.members }) : t("segments.counting");
}

/** Keeps the conditions under a name; the list stays as it is. */
function Keep({ rule, onKept }: { rule: Rule | undefined; onKept: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [name, setName] = useState("");
  const { create } = useSegmentChanges();
  const { error } = create;
  const taken = error instanceof ApiProblem && error.code === "segment_name_taken";
  const keep = (event: FormEvent) => {
    event.preventDefault();
    if (!rule || create.isPending || name.trim() === "") return;
    create.mutate(
      { name: name.trim(), kind: "dynamic", definition: rule },
      {
        onSuccess: (made) => {
          say(t("segments.saved", { name: made.name }));
          onKept();
        },
      },
    );
  };
  return (
    <form onSubmit={keep} noValidate className="flex items-end gap-2 border-line border-t pt-4">
      <FieldFrame
        id={id}
        label={t("segments.name")}
        className="min-w-0 flex-1"
        {...(error && { error: taken ? t("segments.taken") : sayThrown(error) })}
      >
        <input
          id={id}
          // biome-ignore lint/a11y/noAutofocus: it was asked for to type here
          autoFocus
          value={name}
          maxLength={80}
          dir="auto"
          aria-invalid={error ? true : undefined}
          onChange={(event) => setName(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <Button writes type="submit" busy={create.isPending} disabled={!rule || name.trim() === ""}>
        {t("segments.createIt")}
      </Button>
    </form>
  );
}
