import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate, useParams } from "@tanstack/react-router";
import { Orbit, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, hasStatus } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { FieldFrame } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { type Pipeline, pipelines } from "../data";
import { patchPipeline, usePipelinesAgain } from "./changes";
import { type Draft, draftOf, goneFrom, readDraft, refusals, same, type Wrong } from "./model";
import { RemovePipeline } from "./remove";
import { Stages } from "./stages";

export function PipelinePage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false });
  const query = useQuery(pipelines);
  const line = query.data?.find((one) => one.id === id);
  return (
    <Section id="pipelines">
      {line ? (
        <Editor key={line.id} line={line} />
      ) : (
        <Panel bare>
          {query.isError ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <SkeletonRows rows={6} />
          ) : (
            <Empty
              title={t("deals.pipelines.gone")}
              actions={<Link to="/settings/pipelines">{t("action.back")}</Link>}
            />
          )}
        </Panel>
      )}
    </Section>
  );
}

/** A pipeline while it is written: nothing changes on any board before it is saved, as a whole. */
function Editor({ line }: { line: Pipeline }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  // What the draft is based on: news that arrive meanwhile do not change it, the server says 412.
  const [base, setBase] = useState(line);
  const [draft, setDraft] = useState(() => draftOf(line));
  const [tried, setTried] = useState(false);
  const [removing, setRemoving] = useState(false);
  const save = useSave(base, (fresh) => {
    setBase(fresh);
    setDraft(draftOf(fresh));
    setTried(false);
  });
  const dirty = !same(draft, draftOf(base));
  // Nobody writes here: what somebody else saved is shown.
  if (!dirty && line.version > base.version && !save.isPending) {
    setBase(line);
    setDraft(draftOf(line));
  }
  const { wrong } = readDraft(draft);
  const told: Wrong = { ...(tried && wrong), ...refusals(save.error) };
  const change = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) save.mutate(draft);
  };
  return (
    <form
      noValidate
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty && !save.isPending) submit();
      }}
    >
      <Panel
        title={<bdi>{base.name}</bdi>}
        more={
          <>
            <Link to="/deals" search={{ line: base.id }} className="text-sm">
              {t("deals.view.board")}
            </Link>
            <Button writes size="small" icon={<Trash2 />} onClick={() => setRemoving(true)}>
              {t("deals.delete")}
            </Button>
          </>
        }
      >
        <div className="grid grid-cols-[minmax(0,1fr)_200px] gap-3.5 max-sm:grid-cols-1">
          <Text
            label={t("field.name")}
            value={draft.name}
            wrong={told.name}
            maxLength={60}
            dir="auto"
            onChange={(event) => change({ name: event.target.value })}
          />
          <Text
            label={t("deals.pipelines.quietDays")}
            help={t("deals.pipelines.quietHelp")}
            value={draft.quiet_days}
            wrong={told.quiet_days}
            inputMode="numeric"
            dir="ltr"
            maxLength={3}
            onChange={(event) => change({ quiet_days: event.target.value })}
          />
        </div>
      </Panel>
      <Stages name={draft.name} stages={draft.stages} wrong={told} onChange={(stages) => change({ stages })} />
      <Reasons value={draft.reasons} wrong={told.reasons} onChange={(reasons) => change({ reasons })} />
      {dirty && (
        <div className="sticky bottom-4 z-10 flex flex-wrap items-center gap-3 rounded-[14px] border border-line-2 bg-overlay px-4 py-2.5 shadow-3 max-md:bottom-[84px]">
          <span role="status" className="text-sm font-[570]">
            {tried && Object.keys(wrong).length > 0 ? t("deals.pipelines.look") : t("deals.pipelines.unsaved")}
          </span>
          <Refused
            error={save.error}
            base={base}
            draft={draft}
            onBack={(stages) => {
              save.reset();
              change({ stages: [...draft.stages, ...stages] });
            }}
            onTheirs={() => {
              save.reset();
              setBase(line);
              setDraft(draftOf(line));
            }}
          />
          <span className="ms-auto flex gap-2">
            <Button
              look="ghost"
              onClick={() => {
                save.reset();
                setTried(false);
                setDraft(draftOf(base));
              }}
            >
              {t("action.cancel")}
            </Button>
            <Button type="submit" look="primary" busy={save.isPending}>
              {t("action.save")}
            </Button>
          </span>
        </div>
      )}
      <RemovePipeline
        line={removing ? base : undefined}
        onClose={() => setRemoving(false)}
        onDone={() => void navigate({ to: "/settings/pipelines", ignoreBlocker: true })}
      />
      <Guard dirty={dirty && !save.isPending} />
    </form>
  );
}

function useSave(base: Pipeline, onSaved: (fresh: Pipeline) => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const again = usePipelinesAgain();
  // After a 412 the newer one was told of, and saving again means to replace it.
  const [over, setOver] = useState<number>();
  return useMutation({
    mutationFn: (draft: Draft) => patchPipeline({ id: base.id, version: over ?? base.version }, readDraft(draft).body),
    onSuccess: (fresh) => {
      setOver(undefined);
      onSaved(fresh);
      say(t("action.saved"));
      void again();
    },
    onError: async (error) => {
      await again();
      if (!hasStatus(error, 412)) return;
      setOver(cache.getQueryData(pipelines.queryKey)?.items.find(({ id }) => id === base.id)?.version);
    },
  });
}

/** What the server did not take, and what can be done about it. */
function Refused(props: {
  error: unknown;
  base: Pipeline;
  draft: Draft;
  onBack: (stages: Draft["stages"]) => void;
  onTheirs: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { error, base, draft } = props;
  if (!error) return null;
  const gone = goneFrom(base, draft);
  if (error instanceof ApiProblem && error.code === "stage_in_use" && gone.length > 0)
    return (
      <div className="basis-full">
        <Trouble>
          {t("deals.pipelines.stageInUse", { count: gone.length, names: formats.list(gone.map(({ name }) => name)) })}
        </Trouble>
        <p className="mt-2 flex flex-wrap items-center gap-3 text-sm">
          <Button
            size="small"
            onClick={() => props.onBack(draftOf(base).stages.filter(({ id }) => gone.some((stage) => stage.id === id)))}
          >
            {t("deals.pipelines.putBack")}
          </Button>
          <Link to="/deals" search={{ line: base.id }} target="_blank">
            {t("deals.pipelines.toBoard")}
          </Link>
        </p>
      </div>
    );
  if (hasStatus(error, 412))
    return (
      <div className="basis-full">
        <Trouble>{t("deals.pipelines.newer")}</Trouble>
        <p className="mt-2">
          <Button size="small" onClick={props.onTheirs}>
            {t("deals.pipelines.theirs")}
          </Button>
        </p>
      </div>
    );
  if (Object.keys(refusals(error)).length > 0) return null;
  return (
    <div className="basis-full">
      <Trouble>{sayThrown(error)}</Trouble>
    </div>
  );
}

function Reasons({ value, wrong, onChange }: { value: string; wrong?: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Panel title={t("deals.pipelines.reasons")}>
      <FieldFrame
        id={id}
        label={t("deals.pipelines.reasonsLabel")}
        help={t("deals.pipelines.reasonsHelp")}
        error={wrong && sayProblem(wrong)}
      >
        <textarea
          id={id}
          rows={5}
          dir="auto"
          value={value}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={`${id}-say`}
          onChange={(event) => onChange(event.target.value)}
          className={`${inputLook} block resize-y py-2 [field-sizing:content]`}
        />
      </FieldFrame>
    </Panel>
  );
}

function Text({
  label,
  help,
  wrong,
  ...rest
}: React.ComponentProps<"input"> & { label: string; help?: string; wrong?: string }) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} help={help} error={wrong && sayProblem(wrong)}>
      <input
        {...rest}
        id={id}
        autoComplete="off"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong || help ? `${id}-say` : undefined}
        className={`${inputLook} ${inputHeight}`}
      />
    </FieldFrame>
  );
}

/** Leaving with something unsaved asks. */
function Guard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <Confirm
      open={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title={t("deals.pipelines.leaveTitle")}
      lead={t("deals.pipelines.leaveText")}
      action={t("deals.pipelines.leave")}
      icon={<Orbit />}
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
