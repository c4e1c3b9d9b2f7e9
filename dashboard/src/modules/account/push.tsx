import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { BellRing, Laptop, Smartphone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { canPush, permission, tellNoMore, tellThisDevice } from "@/app/push";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { deviceOf, pushDevices } from "./data";

type Device = Schema["PushSubscription"];

/** Which devices are told, this one first among them. The permission is asked for here and nowhere by itself. */
export function PushDevices() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = useQuery(pushDevices);
  const [denied, setDenied] = useState(() => canPush() && permission() === "denied");
  const told = query.data?.some(({ current }) => current) ?? false;
  const settled = () => cache.invalidateQueries({ queryKey: pushDevices.queryKey });
  const start = useMutation({
    mutationFn: tellThisDevice,
    onSuccess: (answer) => {
      setDenied(answer === "denied");
      if (answer === "told") say(t("account.pushDone"));
    },
    onError: (error) => sayError(t("account.pushFailed"), error.message),
    onSettled: settled,
  });
  const stop = useMutation({
    mutationFn: async ({ id, current }: Device) => {
      await ok(api.DELETE("/v1/push-subscriptions/{id}", { params: { path: { id } } }));
      if (current) await tellNoMore();
    },
    onSuccess: (_, { current }) => say(t(current ? "account.pushEnded" : "account.pushGone")),
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: settled,
  });
  return (
    <Panel title={t("account.pushTitle")} note={t("account.pushNote")} flush>
      {query.isPending ? (
        <SkeletonRows rows={1} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data?.length ? (
        <ul className="divide-y divide-line">
          {query.data.map((device) => (
            <Row
              key={device.id}
              device={device}
              busy={stop.isPending && stop.variables.id === device.id}
              onStop={() => stop.mutate(device)}
            />
          ))}
        </ul>
      ) : (
        <p className="px-[18px] pt-1 text-sm text-ink-2 max-md:px-4">{t("account.pushNone")}</p>
      )}
      {!told && query.data && (
        <div className="flex items-center justify-end gap-3 px-[18px] pt-3 pb-[18px] max-md:px-4 max-md:pb-4">
          {!canPush() || denied ? (
            <p className="text-sm text-muted">{t(canPush() ? "account.pushDenied" : "account.pushUnable")}</p>
          ) : (
            <Button icon={<BellRing />} busy={start.isPending} onClick={() => start.mutate()}>
              {t("account.pushOn")}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

function Row({ device, busy, onStop }: { device: Device; busy: boolean; onStop: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { user_agent: agent, last_success_at: last, current } = device;
  return (
    <li className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
      <span
        className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
        aria-hidden="true"
      >
        {/iPhone|Android/.test(agent) ? <Smartphone /> : <Laptop />}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-2 text-[13.5px] font-[570]">
          {deviceOf(agent) || t("account.unknownDevice")}
          {current && <Chip tone="accent">{t("account.thisDevice")}</Chip>}
        </span>
        <span className="block text-[12.5px] text-muted">
          {last ? t("account.pushLast", { when: formats.ago(last) }) : t("account.pushNever")}
        </span>
      </span>
      <Button size="small" busy={busy} onClick={onStop}>
        {t("account.pushOff")}
      </Button>
    </li>
  );
}
