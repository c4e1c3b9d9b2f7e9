import { useQuery } from "@tanstack/react-query";
import { ListChecks, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useId, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { fieldsOf } from "@/modules/fields/fields-of";
import { sayProblem } from "@/i18n/problems";
import { Trajectory } from "@/sky/Trajectory/Trajectory";
import { Button, IconButton } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { Popover } from "@/ui/popover";
import { Sorted } from "@/ui/sorted";
import { useSortedWords } from "../sorting";
import { MOST_STAGES, newStage, REQUIREMENTS, type StageDraft, type Wrong } from "./model";

/** The stages as the way to what is won, and one under the other to be written. */
export function Stages(props: {
  name: string;
  stages: readonly StageDraft[];
  wrong: Wrong;
  onChange: (stages: StageDraft[]) => void;
}) {
  const { t } = useTranslation();
  const words = useSortedWords();
  const list = useRef<HTMLDivElement>(null);
  const { name, stages, wrong, onChange } = props;
  const label = t("deals.steps", { pipeline: name });
  const steps = useMemo(
    () => [
      ...stages.map((stage, index) => ({
        id: stage.key,
        label: stage.name || t("deals.pipelines.stage", { n: index + 1 }),
        note: `${stage.probability || 0}%`,
        state: "next" as const,
      })),
      { id: "won", label: t("deals.status.won"), state: "next" as const },
    ],
    [stages, t],
  );
  const nameOf = (key: string) => {
    const index = stages.findIndex((stage) => stage.key === key);
    return stages[index]?.name.trim() || t("deals.pipelines.stage", { n: index + 1 });
  };
  /** After the change is drawn. */
  const focus = (index: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>("[data-name]")[index]?.focus());
  return (
    <Panel title={t("deals.pipelines.stages")} note={t("deals.pipelines.stagesNote")}>
      <div className="mb-2">
        <Trajectory
          label={label}
          steps={steps}
          onSelect={(key) => {
            const index = stages.findIndex((stage) => stage.key === key);
            if (index >= 0) focus(index);
          }}
        />
      </div>
      <div ref={list}>
        <Sorted
          ids={stages.map(({ key }) => key)}
          nameOf={nameOf}
          words={words}
          onMove={(from, to) => {
            const one = stages[from];
            if (one) onChange(stages.toSpliced(from, 1).toSpliced(to, 0, one));
          }}
        >
          {(key, grip) => {
            const index = stages.findIndex((stage) => stage.key === key);
            const stage = stages[index];
            if (!stage) return null;
            return (
              <Row
                stage={stage}
                name={nameOf(key)}
                wrong={{ name: wrong[`stages.${index}.name`], probability: wrong[`stages.${index}.probability`] }}
                grip={grip}
                onChange={(change) => onChange(stages.toSpliced(index, 1, { ...stage, ...change }))}
                onRemove={
                  stages.length > 1
                    ? () => {
                        onChange(stages.toSpliced(index, 1));
                        focus(Math.max(0, index - 1));
                      }
                    : undefined
                }
              />
            );
          }}
        </Sorted>
      </div>
      <div className="mt-3">
        <Button
          size="small"
          icon={<Plus />}
          disabled={stages.length >= MOST_STAGES}
          onClick={() => {
            onChange([...stages, newStage()]);
            focus(stages.length);
          }}
        >
          {t("deals.pipelines.addStage")}
        </Button>
      </div>
    </Panel>
  );
}

function Row(props: {
  stage: StageDraft;
  name: string;
  wrong: { name?: string; probability?: string };
  grip: ReactNode;
  onChange: (change: Partial<StageDraft>) => void;
  onRemove?: () => void;
}) {
  const { t } = useTranslation();
  const { stage, name, wrong, onChange } = props;
  return (
    <div className="grid grid-cols-[24px_minmax(0,1fr)_92px_36px] items-start gap-x-2 gap-y-1.5 border-line border-b bg-surface py-2.5 coarse:grid-cols-[44px_minmax(0,1fr)_76px_44px] max-md:grid-cols-[44px_minmax(0,1fr)_76px_44px]">
      <span className="flex h-[38px] items-center max-md:h-11">{props.grip}</span>
      <Cell
        label={t("deals.pipelines.nameOf", { name })}
        wrong={wrong.name}
        data-name=""
        value={stage.name}
        maxLength={60}
        dir="auto"
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Cell
        label={t("deals.pipelines.probabilityOf", { name })}
        wrong={wrong.probability}
        after="%"
        value={stage.probability}
        maxLength={3}
        inputMode="numeric"
        dir="ltr"
        onChange={(event) => onChange({ probability: event.target.value })}
      />
      <span className="flex h-[38px] items-center justify-end max-md:h-11">
        <IconButton
          small
          label={t("deals.items.remove", { name })}
          disabled={!props.onRemove}
          onClick={() => props.onRemove?.()}
        >
          <Trash2 />
        </IconButton>
      </span>
      <span className="col-span-2 col-start-2">
        <Asks stage={stage} name={name} onChange={onChange} />
      </span>
    </div>
  );
}

/** What a deal needs before it may come here: what every deal has, and the tenant's own fields. */
function Asks(props: { stage: StageDraft; name: string; onChange: (change: Partial<StageDraft>) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { stage, name, onChange } = props;
  const { data } = useQuery({ ...fieldsOf("deal"), enabled: useMay("fields.read") });
  const own = (data?.items ?? []).filter(
    ({ archived_at, deleting_at, type }) => !archived_at && !deleting_at && type !== "formula",
  );
  const known = REQUIREMENTS.filter((field) => stage.requires.includes(field)).map((field) =>
    t(`deals.field.${field}`),
  );
  const defined = own.filter(({ key }) => stage.own.includes(key)).map(({ label }) => label);
  const asked = [...known, ...defined];
  return (
    <Popover
      sheet
      align="start"
      label={t("deals.pipelines.asksOf", { name })}
      trigger={
        <button
          type="button"
          className="-ms-1.5 inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-[8px] px-1.5 text-start text-[12.5px] text-ink-2 hover:bg-hover hover:text-ink max-md:min-h-11 coarse:min-h-11"
        >
          <ListChecks aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
          <span className="min-w-0">
            {asked.length > 0
              ? t("deals.pipelines.asks", { fields: formats.list(asked) })
              : t("deals.pipelines.asksNothing")}
            <span className="sr-only"> ({name})</span>
          </span>
        </button>
      }
    >
      <fieldset className="max-h-[60vh] w-64 max-w-full overflow-y-auto p-3 max-md:w-full">
        <legend className="float-left mb-1.5 w-full text-cap text-muted">
          {t("deals.pipelines.asksOf", { name })}
        </legend>
        {REQUIREMENTS.map((field) => (
          <Ask
            key={field}
            label={t(`deals.field.${field}`)}
            checked={stage.requires.includes(field)}
            onChange={(on) =>
              onChange({ requires: REQUIREMENTS.filter((one) => (one === field ? on : stage.requires.includes(one))) })
            }
          />
        ))}
        {own.map(({ key, label }) => (
          <Ask
            key={key}
            label={label}
            checked={stage.own.includes(key)}
            onChange={(on) => onChange({ own: on ? [...stage.own, key] : stage.own.filter((one) => one !== key) })}
          />
        ))}
      </fieldset>
    </Popover>
  );
}

function Ask(props: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is inside
    <label className="clear-both flex min-h-[34px] items-center gap-2.5 rounded-[8px] px-1.5 text-[13.5px] hover:bg-hover max-md:min-h-11 coarse:min-h-11">
      <Checkbox {...props} />
      <bdi>{props.label}</bdi>
    </label>
  );
}

function Cell({
  label,
  wrong,
  after,
  ...rest
}: React.ComponentProps<"input"> & { label: string; wrong?: string; after?: string }) {
  const id = useId();
  return (
    <div className="min-w-0">
      <span className="relative block">
        <input
          {...rest}
          aria-label={label}
          autoComplete="off"
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? id : undefined}
          className={`${inputLook} ${inputHeight} ${after ? "ps-2! pe-7! text-end" : ""}`}
        />
        {after && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 end-2.5 flex items-center text-muted"
          >
            {after}
          </span>
        )}
      </span>
      {wrong && (
        <p id={id} className="mt-1 text-cap text-danger-text">
          {sayProblem(wrong)}
        </p>
      )}
    </div>
  );
}
