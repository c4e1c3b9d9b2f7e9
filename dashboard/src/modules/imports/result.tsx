import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleStop, Download, Play, Undo2, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { ButtonLink, PlainLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { save } from "@/ui/save";
import { sayError } from "@/ui/toast";
import { type Import, isBusy, kept, reasons, useChange } from "./data";
import { Box, bringsOf, Figures, Progress, SegmentGone, StateChip, useBrought } from "./parts";
import { Reasons } from "./reasons";

/** A started import: how far it is, what came of it, and how to take it back. */
export function Result({ item }: { item: Import }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const brought = useBrought(item, item.brought);
  return (
    <>
      <Panel title={<bdi>{item.file_name}</bdi>} more={<StateChip item={item} />}>
        <div className="flex flex-col gap-5">
          {isBusy(item) && <Progress item={item} />}
          {item.error && (
            <p className="text-sm text-danger-text">
              {t(item.error === "file_gone" ? "imports.problem.file_gone" : "imports.failedText")}
            </p>
          )}
          <Figures
            of={[
              { label: t("imports.count.created"), value: item.created },
              { label: t("imports.count.updated"), value: item.updated },
              { label: t("imports.count.unchanged"), value: item.unchanged },
              { label: t("imports.count.skipped"), value: item.skipped, tone: "warning" },
              { label: t("imports.count.failed"), value: item.failed, tone: "danger" },
              ...brought,
            ]}
          />
          <SegmentGone brought={item.brought} />
          {item.state === "undone" && (
            <p role="status" className="text-sm text-ink-2">
              {t("imports.undoneText", {
                count: item.undone,
                number: formats.count(item.undone),
                kept: formats.count(item.kept),
              })}
            </p>
          )}
          {item.state === "undone" && <Left item={item} />}
          <p className="text-[12.5px] text-muted">
            {item.started_at && t("imports.startedAt", { when: formats.when(item.started_at) })}
            {item.finished_at && ` · ${t("imports.endedAt", { when: formats.when(item.finished_at) })}`}
            {item.undo_until &&
              item.state !== "undone" &&
              ` · ${t("imports.undoUntil", { day: formats.day(item.undo_until) })}`}
            {item.file_gone_at && ` · ${t("imports.fileGone")}`}
          </p>
          <Doings item={item} />
        </div>
      </Panel>
      {item.skipped + item.failed > 0 && <Refused item={item} />}
      {item.kept > 0 && <Kept item={item} />}
    </>
  );
}

function Doings({ item }: { item: Import }) {
  const { t } = useTranslation();
  const [undoing, setUndoing] = useState(false);
  const [deletes, setDeletes] = useState(false);
  const path = { params: { path: { id: item.id } } };
  const stop = useChange(item.id, t("imports.stop"), () => ok(api.POST("/v1/contact-imports/{id}/cancellation", path)));
  const resume = useChange(item.id, t("imports.resume"), () =>
    ok(api.POST("/v1/contact-imports/{id}/start", { ...path, body: {} as never })),
  );
  const undo = useChange(item.id, t("imports.undo"), () =>
    ok(api.POST("/v1/contact-imports/{id}/undo", { ...path, body: { touched: deletes ? "delete" : "keep" } })),
  );
  const { companies, people, occasions, blocks, segment_members } = item.brought;
  const did = item.created + item.updated + companies + people + occasions + blocks + segment_members > 0;
  const over = item.undo_until != null && Date.parse(item.undo_until) <= Date.now();
  const undoable = ["done", "cancelled", "failed"].includes(item.state) && did && !over;
  const resumable = (item.state === "cancelled" || item.state === "failed") && !item.file_gone_at;
  const came = item.created + item.updated + item.unchanged > 0;
  return (
    <div className="flex flex-wrap gap-2">
      {came && !isBusy(item) && item.state !== "undone" && (
        <ButtonLink to="/contacts" search={{ f: [`import:eq:${item.id}`] }}>
          <Users aria-hidden="true" />
          {t("imports.show")}
        </ButtonLink>
      )}
      {item.state === "running" && (
        <Button writes icon={<CircleStop />} busy={stop.isPending} onClick={() => stop.mutate(undefined)}>
          {t("imports.stop")}
        </Button>
      )}
      {resumable && (
        <Button writes icon={<Play />} busy={resume.isPending} onClick={() => resume.mutate(undefined)}>
          {t("imports.resume")}
        </Button>
      )}
      {undoable && (
        <Button writes icon={<Undo2 />} onClick={() => setUndoing(true)}>
          {t("imports.undo")}
        </Button>
      )}
      <Confirm
        open={undoing}
        onClose={() => setUndoing(false)}
        title={t("imports.undoTitle")}
        lead={t("imports.undoLead", { created: item.created, updated: item.updated })}
        action={t("imports.undo")}
        icon={<Undo2 />}
        busy={undo.isPending}
        onConfirm={() => undo.mutate(undefined, { onSettled: () => setUndoing(false) })}
      >
        <p className="text-sm text-ink-2">{t("imports.undoText")}</p>
        {bringsOf(item).length > 0 && <p className="text-sm text-ink-2">{t("imports.undoBrought")}</p>}
        <Box label={t("imports.undoTouched")} checked={deletes} onChange={setDeletes} />
      </Confirm>
    </div>
  );
}

function Refused({ item }: { item: Import }) {
  const { t } = useTranslation();
  const query = useQuery(reasons(item.id, item.skipped + item.failed));
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(api.GET("/v1/contact-imports/{id}/errors", { params: { path: { id: item.id } }, parseAs: "blob" })),
    onSuccess: (file) => save(file as Blob, `${item.file_name.replace(/\.[^.]*$/, "")}-errors.csv`),
    onError: (error) => sayError(t("imports.errors"), sayThrown(error)),
  });
  return (
    <Panel
      title={t("imports.refused")}
      more={
        <Button size="small" icon={<Download />} busy={isPending} onClick={() => mutate()}>
          {t("imports.errors")}
        </Button>
      }
    >
      <p className="mb-3 text-[12.5px] text-muted">{t("imports.errorsHelp")}</p>
      <Reasons items={query.data?.items ?? []} />
    </Panel>
  );
}

/** What the undo left of what came besides contacts, and why. */
function Left({ item }: { item: Import }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { kept } = item.brought;
  if (kept.length === 0) return null;
  return (
    <ul className="text-sm text-ink-2">
      {kept.map(({ what, reason, count }) => (
        <li key={`${what}/${reason}`}>
          {t(`imports.left.${what as "people"}`, { count, number: formats.count(count) })}
          <span className="text-muted"> · {t(`imports.leftWhy.${reason as "used"}`)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Contacts that the undo left, because somebody had to do with them since. */
function Kept({ item }: { item: Import }) {
  const { t } = useTranslation();
  const query = useQuery({ ...kept(item.id), enabled: item.state === "undone" });
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={t("imports.kept")} flush>
      <ul className="divide-y divide-line border-line border-t">
        {items.map((row) => (
          <li key={row.line} className="flex min-h-11 items-center gap-3 px-[18px] py-1.5 text-[13.5px]">
            {row.contact && row.contact_name ? (
              <PlainLink
                to="/contacts/$id"
                params={{ id: row.contact }}
                className="min-w-0 flex-1 truncate font-[560] hover:underline coarse:py-3"
              >
                <bdi>{row.contact_name}</bdi>
              </PlainLink>
            ) : (
              <span className="min-w-0 flex-1 text-muted">{t("imports.row", { line: row.line })}</span>
            )}
            <span className="text-muted">{t(row.undo === "held" ? "imports.wasHeld" : "imports.wasChanged")}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
