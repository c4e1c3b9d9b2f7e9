import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleStop, GitMerge, ScanSearch } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { sayError } from "@/ui/toast";
import { type RunsOf, SURE, useAgain } from "./data";
import { percent } from "./parts";

type Run = Schema["ContactDuplicateRun"];

/** Looking through all records, and merging what is sure, with how far it is. */
export function Runs(props: { of: RunsOf; scanning: string; sureText: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const again = useAgain();
  const { running, needs } = props.of;
  const allowed = useMay(needs);
  const [asking, setAsking] = useState(false);
  const { data } = useQuery(running);
  const run = data?.items[0];
  const was = useRef<string>(undefined);
  useEffect(() => {
    if (was.current && !run) void again();
    was.current = run?.id;
  }, [run, again]);
  const done = () => cache.invalidateQueries({ queryKey: running.queryKey });
  const wrong = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const start = useMutation({
    mutationFn: (kind: Run["kind"]) => props.of.start({ kind, ...(kind === "merge" && { confidence: SURE }) }),
    onSuccess: () => setAsking(false),
    onError: wrong,
    onSettled: done,
  });
  const stop = useMutation({ mutationFn: props.of.stop, onError: wrong, onSettled: done });
  if (run) {
    const total = Math.max(1, run.total);
    const words = t("duplicates.progress", { done: formats.count(run.done), total: formats.count(total) });
    const label = run.kind === "scan" ? props.scanning : t("duplicates.merging");
    return (
      <div className="ms-auto flex min-h-9 flex-wrap items-center gap-3 text-[12.5px] text-muted max-md:min-h-11">
        <span>{label}</span>
        <span
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={Math.min(run.done, total)}
          aria-valuetext={words}
          className="block h-1.5 w-32 overflow-hidden rounded-full bg-sunken"
        >
          <span
            className="block h-full rounded-full bg-accent transition-[width] duration-400"
            style={{ width: `${Math.min(100, (run.done / total) * 100)}%` }}
          />
        </span>
        <span className="num">{words}</span>
        {allowed && (
          <Button writes size="small" icon={<CircleStop />} busy={stop.isPending} onClick={() => stop.mutate(run.id)}>
            {t("duplicates.stop")}
          </Button>
        )}
      </div>
    );
  }
  if (!allowed) return null;
  return (
    <div className="ms-auto flex flex-wrap gap-2">
      <Button writes icon={<ScanSearch />} busy={start.isPending && !asking} onClick={() => start.mutate("scan")}>
        {t("duplicates.scan")}
      </Button>
      <Button writes icon={<GitMerge />} onClick={() => setAsking(true)}>
        {t("duplicates.mergeSure")}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        look="primary"
        title={t("duplicates.mergeSureTitle", { percent: percent(SURE, formats) })}
        lead={props.sureText}
        action={t("duplicates.merge")}
        icon={<GitMerge />}
        busy={start.isPending}
        onConfirm={() => start.mutate("merge")}
      />
    </div>
  );
}
