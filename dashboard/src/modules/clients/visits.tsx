import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { VisitRow } from "@/modules/visit/row";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type Client, clientVisits } from "./data";

/** Who of the agency or the platform was inside lately. */
export function Visits({ client }: { client: Client }) {
  const { t } = useTranslation();
  const reads = useMay("identity.impersonations.read");
  const query = useQuery({ ...clientVisits(client.id), enabled: reads });
  if (!reads) return null;
  return (
    <Panel title={t("clients.visits")} note={t("clients.visitsNote")} flush>
      {query.isPending ? (
        <SkeletonRows rows={2} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data?.items.length === 0 ? (
        <Empty title={t("clients.noVisits")} />
      ) : (
        <ul className="divide-y divide-line">
          {query.data?.items.map((visit) => (
            <VisitRow key={visit.id} visit={visit} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
