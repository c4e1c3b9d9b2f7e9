import { Archive, CalendarDays, ListChecks, RotateCcw, Trash2, UserRound, Waypoints, XCircle } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { BulkFrame, Picker } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Chosen, useRows } from "@/ui/chosen";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { Choices } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { type Deal, type Pipeline, useMembers } from "../data";
import { ReasonForm } from "../parts/reason-form";
import { useBulk } from "./work";

/** From the first chosen row on: what is done with all of them at once. */
export function BulkBar(props: {
  chosen: Chosen<Deal>;
  lines: readonly Pipeline[];
  /** The rows of the table are open deals: only those move and end. */
  open: boolean;
  /** They are deleted deals: they come back, and nothing else. */
  deleted: boolean;
  /** Chooses everything that fits, also what was not read yet; absent when that is chosen. */
  onEverything?: () => void;
  reading: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const deletes = useMay("deals.delete");
  const { chosen, lines, deleted } = props;
  const open = props.open && !deleted;
  const { apply, progress } = useBulk(chosen);
  const rows = useRows(chosen);
  const [asking, setAsking] = useState<"deleted" | "lost" | "abandoned">();
  const count = rows.size;
  const busy = progress !== undefined || props.reading;
  const stages = lines.flatMap((line) =>
    line.stages.map(({ id, name }) => ({ value: id, label: lines.length > 1 ? `${line.name}: ${name}` : name })),
  );
  const changed = (n: number) => t("deals.bulk.changed", { count: n });
  const label = t("deals.bulk.selected", { count });
  const reasons = [...new Set(lines.flatMap((line) => line.reasons))];
  const ending = asking === "lost" || asking === "abandoned" ? asking : undefined;
  return (
    <>
      <BulkFrame
        label={label}
        said={
          props.reading
            ? t("deals.bulk.reading", { number: formats.count(count) })
            : progress &&
              t("deals.bulk.progress", { done: formats.count(progress.done), of: formats.count(progress.of) })
        }
        progress={progress}
        clear={t("deals.bulk.clear")}
        onClear={chosen.clear}
      >
        {props.onEverything && (
          <Button size="small" look="ghost" icon={<ListChecks />} busy={busy} onClick={props.onEverything}>
            {t("deals.bulk.everything")}
          </Button>
        )}
        {open && (
          <Picker label={t("deals.bulk.stage")} icon={<Waypoints />} busy={busy}>
            {(choose) => (
              <Choices
                label={t("deals.bulk.stage")}
                choices={stages}
                onChoose={(stage) => choose(() => void apply({ stage }, changed))}
              />
            )}
          </Picker>
        )}
        {!deleted && (
          <Picker label={t("deals.bulk.closes")} icon={<CalendarDays />} busy={busy}>
            {(choose) => <Day onChoose={(day) => choose(() => void apply({ expected_close: day }, changed))} />}
          </Picker>
        )}
        {!deleted && members.size > 0 && (
          <Picker label={t("deals.bulk.owner")} icon={<UserRound />} busy={busy}>
            {(choose) => (
              <Choices
                label={t("deals.bulk.owner")}
                choices={[
                  { value: "", label: t("deals.nobody") },
                  ...[...members].map(([value, name]) => ({ value, label: name })),
                ]}
                onChoose={(owner) => choose(() => void apply({ owner: owner || null }, changed))}
              />
            )}
          </Picker>
        )}
        {open && (
          <>
            <Button writes size="small" look="ghost" icon={<XCircle />} busy={busy} onClick={() => setAsking("lost")}>
              {t("deals.lose")}
            </Button>
            <Button
              writes
              size="small"
              look="ghost"
              icon={<Archive />}
              busy={busy}
              onClick={() => setAsking("abandoned")}
            >
              {t("deals.abandon")}
            </Button>
          </>
        )}
        {deletes && !deleted && (
          <Button writes size="small" look="ghost" icon={<Trash2 />} busy={busy} onClick={() => setAsking("deleted")}>
            {t("deals.delete")}
          </Button>
        )}
        {deletes && deleted && (
          <Button
            writes
            size="small"
            look="ghost"
            icon={<RotateCcw />}
            busy={busy}
            onClick={() => void apply({ deleted: false }, (n) => t("deals.bulk.restored", { count: n }))}
          >
            {t("deals.restore")}
          </Button>
        )}
      </BulkFrame>
      <Dialog
        open={ending !== undefined}
        onClose={() => setAsking(undefined)}
        title={t(`deals.bulk.endTitle.${ending ?? "lost"}`)}
        lead={label}
      >
        <ReasonForm
          how={ending ?? "lost"}
          offered={reasons}
          busy={busy}
          onClose={() => setAsking(undefined)}
          onDone={(outcome) => {
            setAsking(undefined);
            const kind = outcome.status === "abandoned" ? "abandoned" : "lost";
            void apply({ outcome }, (n) => t(`deals.bulk.${kind}`, { count: n }));
          }}
        />
      </Dialog>
      <Confirm
        open={asking === "deleted"}
        onClose={() => setAsking(undefined)}
        title={t("deals.bulk.deleteTitle", { count })}
        lead={t("deals.bulk.deleteText")}
        action={t("deals.bulk.delete", { count })}
        icon={<Trash2 />}
        onConfirm={() => {
          setAsking(undefined);
          void apply({ deleted: true }, (n) => t("deals.bulk.deleted", { count: n }));
        }}
      />
    </>
  );
}

/** The day on which they should be decided, or none. */
function Day({ onChoose }: { onChoose: (day: string | null) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [day, setDay] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (day) onChoose(day);
  };
  return (
    <form onSubmit={submit} className="flex w-60 flex-col gap-2.5 p-3">
      <FieldFrame id={id} label={t("deals.field.expected_close")}>
        <input
          id={id}
          type="date"
          value={day}
          max="9999-12-31"
          onChange={(event) => setDay(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <Button type="submit" look="primary" size="small" disabled={day === ""}>
        {t("deals.bulk.setDay")}
      </Button>
      <Button writes look="ghost" size="small" onClick={() => onChoose(null)}>
        {t("deals.bulk.noDay")}
      </Button>
    </form>
  );
}
