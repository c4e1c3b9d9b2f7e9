import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Eye, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { say, sayError } from "@/ui/toast";

type Visit = Schema["Impersonation"];

export const isRunning = ({ ended_at, expires_at }: Visit): boolean => !ended_at && new Date(expires_at) > new Date();

/** Somebody worked in a tenant in somebody's place: who, how, why and how long; one that goes on can be ended. */
export function VisitRow({ visit, place }: { visit: Visit; place?: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const ends = useMay("identity.impersonations.end");
  const running = isRunning(visit);
  const end = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/impersonations/{id}", { params: { path: { id: visit.id } } })),
    onSuccess: () => say(t("visit.ended")),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["impersonations"] }),
  });
  const until = visit.ended_at ?? visit.expires_at;
  const minutes = Math.max(1, Math.round((Date.parse(until) - Date.parse(visit.created_at)) / 60_000));
  return (
    <li className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
      <span
        aria-hidden="true"
        className={`grid size-8 shrink-0 place-items-center rounded-control [&_svg]:size-4 ${running ? "bg-sun-soft text-sun-text" : "border border-line bg-sunken text-ink-2"}`}
      >
        {visit.may_act ? <Pencil /> : <Eye />}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13.5px] font-[570]">
          <bdi>{visit.impersonator}</bdi>
          {visit.impersonator_kind === "admin" && <Chip>{t("visit.platform")}</Chip>}
          <Chip tone={visit.may_act ? "warning" : "neutral"}>
            {visit.may_act ? t("visit.acted") : t("visit.looked")}
          </Chip>
          {running && <Chip tone="sun">{t("visit.running")}</Chip>}
        </span>
        <span className="block text-[12.5px] break-words text-muted">
          {place && <>{place} · </>}
          <bdi>{visit.reason}</bdi>
        </span>
      </span>
      <span className="shrink-0 text-end text-[12.5px] text-muted">
        <time dateTime={visit.created_at} title={formats.full(visit.created_at)} className="num block">
          {formats.when(visit.created_at)}
        </time>
        {running ? t("visit.until", { time: formats.time(visit.expires_at) }) : t("visit.minutes", { count: minutes })}
      </span>
      {running && ends && (
        <Button writes size="small" busy={end.isPending} onClick={() => end.mutate()}>
          {t("visit.end")}
        </Button>
      )}
    </li>
  );
}
