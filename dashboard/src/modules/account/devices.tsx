import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Laptop, Smartphone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { session } from "@/api/session";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { deviceOf, sessions } from "./data";

export function Devices() {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const query = useQuery(sessions);
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/sessions/{id}", { params: { path: { id } } })),
    onSuccess: () => say(t("account.sessionEnded")),
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: sessions.queryKey }),
  });
  return (
    <Panel
      title={t("account.sessions")}
      note={t("account.sessionsNote")}
      flush
      more={
        <button
          type="button"
          onClick={() => setAsking(true)}
          className="-my-3 min-h-11 py-2 text-[12.5px] font-[540] text-danger-text hover:underline"
        >
          {t("account.endAll")}
        </button>
      }
    >
      {query.isPending ? (
        <SkeletonRows rows={2} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <ul className="divide-y divide-line">
          {query.data?.items.map(({ id, user_agent, ip, last_seen_at, created_at, current, second_factor }) => (
            <li key={id} className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
              <span
                className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
                aria-hidden="true"
              >
                {/iPhone|Android/.test(user_agent) ? <Smartphone /> : <Laptop />}
              </span>
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-center gap-2 text-[13.5px] font-[570]">
                  {deviceOf(user_agent) || t("account.unknownDevice")}
                  {current && <Chip tone="accent">{t("account.thisDevice")}</Chip>}
                </span>
                <span
                  className="block text-[12.5px] break-words text-muted"
                  title={`${formats.full(created_at)}\n${user_agent}`}
                >
                  <span className="num">{ip}</span> · {t("account.lastSeen", { when: formats.ago(last_seen_at) })}
                  {second_factor && ` · ${t("account.withSecond")}`}
                </span>
              </span>
              {!current && (
                <Button size="small" busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>
                  {t("account.endSession")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <EndAll open={asking} onClose={() => setAsking(false)} />
    </Panel>
  );
}

function EndAll({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending } = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/sessions")),
    onSuccess: async () => {
      session.end();
      await navigate({ to: "/sign-in" });
      cache.clear();
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  return (
    <Dialog open={open} onClose={onClose} title={t("account.endAll")} lead={t("account.endAllText")}>
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button look="danger" busy={isPending} onClick={() => mutate()}>
          {t("account.endAll")}
        </Button>
      </footer>
    </Dialog>
  );
}
