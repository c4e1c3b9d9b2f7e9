import { useQueries, useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { Confirm } from "@/ui/confirm";
import { Skeleton } from "@/ui/states";
import { sightings } from "../widgets/data";
import type { Origin } from "./data";

/** What stops there: the widgets that were shown on the website lately. */
export function Removal(props: { origin: Origin; onClose: () => void; onConfirm: () => void }) {
  const { t } = useTranslation();
  const { origin } = props;
  const list = useQuery({
    queryKey: ["widgets", "for", origin.widget_id ?? "all"],
    queryFn: async ({ signal }): Promise<Schema["Widget"][]> =>
      origin.widget_id
        ? [await ok(api.GET("/v1/widgets/{id}", { params: { path: { id: origin.widget_id } }, signal }))]
        : (await ok(api.GET("/v1/widgets", { params: { query: { limit: 25 } }, signal }))).items,
  });
  const met = useQueries({
    queries: (list.data ?? []).map(({ id }) => ({ ...sightings(id, 30), refetchInterval: false as const })),
  });
  const waiting = list.isPending || met.some(({ isPending }) => isPending);
  const stopping = (list.data ?? []).filter((_, index) =>
    met[index]?.data?.seen.some((seen) => covers(origin.origin, seen.origin)),
  );
  return (
    <Confirm
      open
      onClose={props.onClose}
      title={t("widgets.origins.removeTitle", { website: origin.origin })}
      lead={t("widgets.origins.removeText")}
      action={t("action.remove")}
      icon={<Trash2 />}
      onConfirm={props.onConfirm}
    >
      {waiting ? (
        <Skeleton className="h-4 w-64" />
      ) : stopping.length === 0 ? (
        <p className="text-sm text-muted">{t("widgets.origins.stopsNothing")}</p>
      ) : (
        <div className="rounded-[12px] bg-warning-soft px-3.5 py-2.5 text-sm">
          <p className="font-[570]">{t("widgets.origins.stops", { count: stopping.length })}</p>
          <ul className="mt-1 list-disc ps-5">
            {stopping.map(({ id, name }) => (
              <li key={id} className="break-words">
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Confirm>
  );
}

/** Whether an entry is what lets a website in: itself, or anything below the domain of a wildcard. */
export function covers(entry: string, website: string): boolean {
  const [scheme, host] = entry.split("://*.");
  if (host === undefined) return entry === website;
  return website.startsWith(`${scheme}://`) && website.endsWith(`.${host}`);
}
