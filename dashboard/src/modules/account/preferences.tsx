import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { mutes } from "@/modules/notifications/mutes";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { sayError } from "@/ui/toast";
import { preferences } from "./data";

type Preference = Schema["NotificationPreference"];

const CHANNELS = ["in_app", "push", "email"] as const;
const WAYS = { in_app: "account.inApp", push: "account.push", email: "account.byEmail" } as const;

/** Which news somebody is told about, and how. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const query = useQuery(preferences);
  const muted = useQuery(mutes).data;
  const { mutate } = useOptimistic<Preference, unknown, Preference[]>({
    key: preferences.queryKey,
    send: ({ kind, channel, enabled }) =>
      ok(api.PUT("/v1/preferences", { body: { items: [{ kind, channel, enabled }] } })),
    apply: (held, next) => held.map((item) => (item.kind === next.kind && item.channel === next.channel ? next : item)),
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  const modules = [...new Set(query.data?.map(({ module }) => module))];
  const kinds = (module: string) => [
    ...new Set(query.data?.flatMap((item) => (item.module === module ? [item.kind] : []))),
  ];
  const nameOf = (module: string) =>
    i18n.exists(`module.${module}`) ? t(`module.${module}` as "module.forms") : module;
  const kindName = (kind: string) => {
    const key = `notifications.kind.${kind.replace(".", "_")}`;
    return i18n.exists(key) ? t(key as "notifications.kind.task_reminder") : kind;
  };
  const cell = (kind: string, channel: Preference["channel"]) => {
    const item = query.data?.find((p) => p.kind === kind && p.channel === channel);
    if (!item) return null;
    const label = `${kindName(kind)}: ${t(WAYS[channel])}`;
    return (
      <Switch
        alone
        disabled={item.always}
        label={item.always ? `${label}. ${t("account.always")}` : label}
        checked={item.enabled}
        onChange={(enabled) => mutate({ ...item, enabled })}
      />
    );
  };
  return (
    <Panel title={t("account.notify")} note={t("account.notifyNote")} flush>
      {query.isPending ? (
        <SkeletonRows rows={20} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <table className="w-full text-[13.5px]">
          <thead>
            <tr className="narrow h-9 border-line border-b text-start text-cap text-muted">
              <th scope="col" className="px-[18px] text-start font-[540] max-md:px-4">
                {t("account.kind")}
              </th>
              {CHANNELS.map((channel) => (
                <th key={channel} scope="col" className="w-24 text-start font-[540] max-md:w-[72px]">
                  {t(WAYS[channel])}
                </th>
              ))}
            </tr>
          </thead>
          {modules.map((module) => (
            <tbody key={module}>
              <tr className="h-9 border-line border-b bg-sunken">
                <th
                  scope="rowgroup"
                  colSpan={CHANNELS.length + 1}
                  className="px-[18px] text-start text-[12.5px] font-[570] text-ink-2 max-md:px-4"
                >
                  {nameOf(module)}
                </th>
              </tr>
              {kinds(module).map((kind) => (
                <tr key={kind} className="h-11 border-line border-b [tbody:last-child>&:last-child]:border-0">
                  <th scope="row" className="px-[18px] py-1 text-start font-[450] max-md:px-4">
                    {kindName(kind)}
                    {muted?.some((mute) => mute.kind === kind) && (
                      <span className="text-muted"> · {t("account.mutedKind")}</span>
                    )}
                  </th>
                  {CHANNELS.map((channel) => (
                    <td key={channel}>{cell(kind, channel)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
    </Panel>
  );
}
