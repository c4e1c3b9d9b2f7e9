import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { sayError } from "@/ui/toast";
import { preferences } from "./data";

type Preference = Schema["NotificationPreference"];

/** Which news somebody is told about, and how. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const query = useQuery(preferences);
  const { mutate } = useOptimistic<Preference, unknown, Preference[]>({
    key: preferences.queryKey,
    send: (item) => ok(api.PUT("/v1/preferences", { body: { items: [item] } })),
    apply: (held, next) =>
      held.map((item) => (item.module === next.module && item.channel === next.channel ? next : item)),
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  const modules = [...new Set(query.data?.map(({ module }) => module))];
  const name = (module: string) => (i18n.exists(`module.${module}`) ? t(`module.${module}` as "module.forms") : module);
  // What reaches a device stands behind the bell as well.
  const here = (module: string) =>
    query.data?.some((p) => p.module === module && p.channel === "in_app" && p.enabled) ?? false;
  const cell = (module: string, channel: Preference["channel"], label: string) => {
    const item = query.data?.find((p) => p.module === module && p.channel === channel);
    if (!item) return null;
    return (
      <Switch
        alone
        disabled={channel === "push" && !here(module)}
        label={`${name(module)}: ${label}`}
        checked={item.enabled}
        onChange={(enabled) => mutate({ ...item, enabled })}
      />
    );
  };
  return (
    <Panel title={t("account.notify")} note={t("account.notifyNote")} flush>
      {query.isPending ? (
        <SkeletonRows rows={3} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <table className="w-full text-[13.5px]">
          <thead>
            <tr className="narrow h-9 border-line border-b text-start text-cap text-muted">
              <th scope="col" className="px-[18px] text-start font-[540] max-md:px-4">
                {t("account.module")}
              </th>
              <th scope="col" className="w-24 text-start font-[540] max-md:w-[72px]">
                {t("account.inApp")}
              </th>
              <th scope="col" className="w-24 text-start font-[540] max-md:w-[72px]" title={t("account.needsHere")}>
                {t("account.push")}
              </th>
              <th scope="col" className="w-24 text-start font-[540] max-md:w-[72px]">
                {t("account.byEmail")}
              </th>
            </tr>
          </thead>
          <tbody>
            {modules.map((module) => (
              <tr key={module} className="h-11 border-line border-b last:border-0">
                <th scope="row" className="px-[18px] text-start font-[570] max-md:px-4">
                  {name(module)}
                </th>
                <td>{cell(module, "in_app", t("account.inApp"))}</td>
                <td>{cell(module, "push", t("account.push"))}</td>
                <td>{cell(module, "email", t("account.byEmail"))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
