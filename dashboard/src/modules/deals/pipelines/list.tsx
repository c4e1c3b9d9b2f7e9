import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { EllipsisVertical, Orbit, Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { PlainLink } from "@/ui/link";
import { Menu, MenuItem } from "@/ui/menu";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Sorted } from "@/ui/sorted";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { Together } from "@/ui/together";
import { Assignment } from "../assignment/panels";
import { type Pipeline, pipelines } from "../data";
import { useSortedWords } from "../sorting";
import { patchPipeline, useCreate, useOrder, usePipelinesAgain } from "./changes";
import { refusals } from "./model";
import { RemovePipeline } from "./remove";

const Rates = lazy(async () => ({ default: (await import("../rates/panel")).Rates }));

/** The pipelines of this account, in the order in which boards offer them. */
export function PipelinesPage() {
  const { t } = useTranslation();
  const query = useQuery(pipelines);
  const words = useSortedWords();
  const order = useOrder();
  const [creating, setCreating] = useState(false);
  const [renaming, setRenaming] = useState<Pipeline>();
  const [removing, setRemoving] = useState<Pipeline>();
  const lines = query.data ?? [];
  return (
    <Section
      id="pipelines"
      actions={
        <Button look="primary" icon={<Plus />} onClick={() => setCreating(true)} disabled={lines.length === 0}>
          {t("deals.pipelines.create")}
        </Button>
      }
    >
      <Together>
        <Panel bare label={t("settings.sections.pipelines.title")} className="overflow-clip">
          {query.isPending ? (
            <SkeletonRows rows={3} />
          ) : query.isError && !query.data ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <Sorted
              ids={lines.map(({ id }) => id)}
              nameOf={(id) => lines.find((line) => line.id === id)?.name ?? id}
              words={words}
              onMove={(from, to) => {
                const one = lines[from];
                if (one && !order.isPending) order.mutate(lines.toSpliced(from, 1).toSpliced(to, 0, one));
              }}
            >
              {(id, grip) => {
                const line = lines.find((one) => one.id === id);
                return (
                  line && (
                    <Row
                      line={line}
                      grip={grip}
                      onRename={() => setRenaming(line)}
                      onRemove={() => setRemoving(line)}
                    />
                  )
                );
              }}
            </Sorted>
          )}
        </Panel>
        <Assignment />
        <Suspense fallback={<SkeletonRows rows={3} />}>
          <Rates />
        </Suspense>
      </Together>
      <Dialog open={creating} onClose={() => setCreating(false)} title={t("deals.pipelines.create")}>
        <Create lines={lines} onClose={() => setCreating(false)} />
      </Dialog>
      <Dialog open={renaming !== undefined} onClose={() => setRenaming(undefined)} title={t("deals.pipelines.rename")}>
        {renaming && <Rename key={renaming.id} line={renaming} onClose={() => setRenaming(undefined)} />}
      </Dialog>
      <RemovePipeline line={removing} onClose={() => setRemoving(undefined)} />
    </Section>
  );
}

function Row(props: { line: Pipeline; grip: React.ReactNode; onRename: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const { line, grip } = props;
  return (
    <div className="flex min-h-[57px] items-center gap-2 border-line border-b bg-surface px-3 py-1.5 in-[li:last-child]:border-b-0">
      {grip}
      <Orbit aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <PlainLink
          to="/settings/pipelines/$id"
          params={{ id: line.id }}
          className="reach flex min-w-0 text-[14px] font-[590] hover:underline"
        >
          <Own title={line.name}>{line.name}</Own>
        </PlainLink>
        <span className="block truncate text-cap text-muted">
          {t("deals.pipelines.stageCount", { count: line.stages.length })},{" "}
          {t("deals.pipelines.quietAfter", { count: line.quiet_days })}
        </span>
      </span>
      <Menu
        align="end"
        trigger={
          <IconButton small label={t("deals.actionsOf", { title: line.name })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem writes icon={<Pencil />} onClick={props.onRename}>
          {t("deals.pipelines.rename")}
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onClick={props.onRemove}>
          {t("deals.delete")}
        </MenuItem>
      </Menu>
    </div>
  );
}

/** A new one begins with the stages of another. */
function Create({ lines, onClose }: { lines: readonly Pipeline[]; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const id = useId();
  const [name, setName] = useState("");
  const [like, setLike] = useState(lines[0]?.id ?? "");
  const create = useCreate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const model = lines.find((line) => line.id === like);
    if (!model || create.isPending) return;
    const stages = model.stages.map(({ id: _, ...stage }) => stage);
    const body = { name: name.trim(), stages, quiet_days: model.quiet_days, reasons: model.reasons };
    create.mutate(body, {
      onSuccess: (made) => {
        say(t("deals.created", { title: made.name }));
        onClose();
        void navigate({ to: "/settings/pipelines/$id", params: { id: made.id } });
      },
    });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3.5">
      <NameField value={name} onChange={setName} error={create.error} />
      <FieldFrame id={id} label={t("deals.pipelines.like")} help={t("deals.pipelines.likeHelp")}>
        <Select id={id} value={like} onChange={(event) => setLike(event.target.value)}>
          {lines.map((line) => (
            <option key={line.id} value={line.id}>
              {line.name}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <Foot busy={create.isPending} action={t("action.add")} onClose={onClose} />
    </form>
  );
}

function Rename({ line, onClose }: { line: Pipeline; onClose: () => void }) {
  const { t } = useTranslation();
  const again = usePipelinesAgain();
  const [name, setName] = useState(line.name);
  const rename = useMutation({
    mutationFn: () => patchPipeline(line, { name: name.trim() }),
    onSuccess: () => {
      say(t("action.saved"));
      onClose();
    },
    onSettled: again,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!rename.isPending) rename.mutate();
      }}
      className="flex flex-col gap-3.5"
    >
      <NameField value={name} onChange={setName} error={rename.error} />
      <Foot busy={rename.isPending} action={t("action.save")} onClose={onClose} />
    </form>
  );
}

/** The name, and what the server says of it; what concerns no field stands above. */
function NameField({ value, onChange, error }: { value: string; onChange: (name: string) => void; error: unknown }) {
  const { t } = useTranslation();
  const id = useId();
  const code = refusals(error).name;
  return (
    <>
      {Boolean(error) && !code && <Trouble>{sayThrown(error)}</Trouble>}
      <FieldFrame id={id} label={t("field.name")} error={code && sayProblem(code)}>
        <input
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here
          autoFocus
          value={value}
          maxLength={60}
          dir="auto"
          aria-invalid={code ? true : undefined}
          aria-describedby={code ? `${id}-say` : undefined}
          onChange={(event) => onChange(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
    </>
  );
}

function Foot({ busy, action, onClose }: { busy: boolean; action: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <footer className="mt-1 flex justify-end gap-2">
      <Button look="ghost" onClick={onClose}>
        {t("action.cancel")}
      </Button>
      <Button type="submit" look="primary" busy={busy}>
        {action}
      </Button>
    </footer>
  );
}
