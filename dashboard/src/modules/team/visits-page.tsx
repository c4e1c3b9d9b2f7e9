import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { paged } from "@/api/pages";
import { useMay, useMe } from "@/app/may";
import { useClients } from "@/modules/clients/data";
import { Section } from "@/modules/settings/section";
import { isRunning, VisitRow } from "@/modules/visit/row";
import { ExportButton } from "@/ui/export";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

const visits = paged(["impersonations", "all"], (cursor, signal) =>
  ok(api.GET("/v1/impersonations", { params: { query: { limit: 50, cursor } }, signal })),
);

/** Who worked here in somebody's place, or from here in a client, past and running. */
export function VisitsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const sees = useMay("tenants.clients.read");
  const query = useInfiniteQuery({ ...visits, refetchInterval: 30_000 });
  const { items: clients } = useClients(sees && me?.tenant.kind === "agency");
  return (
    <Section
      id="visits"
      actions={
        <ExportButton name="visits" load={() => ok(api.GET("/v1/impersonations/export", { parseAs: "blob" }))} />
      }
    >
      <Listed
        query={query}
        empty={
          <Panel bare>
            <Empty title={t("team.noVisits")}>{t("team.noVisitsText")}</Empty>
          </Panel>
        }
      >
        {(items) => {
          const [running, past] = [items.filter(isRunning), items.filter((visit) => !isRunning(visit))];
          const row = (visit: (typeof items)[number]) => {
            const place = clients.find(({ id }) => id === visit.tenant)?.name;
            return <VisitRow key={visit.id} visit={visit} {...(place && { place })} />;
          };
          return (
            <>
              {running.length > 0 && (
                <Panel title={t("team.visitsRunning")} flush>
                  <ul className="divide-y divide-line">{running.map(row)}</ul>
                </Panel>
              )}
              {past.length > 0 && (
                <Panel title={t("team.visitsPast")} flush className={running.length > 0 ? "mt-4" : ""}>
                  <ul className="divide-y divide-line">{past.map(row)}</ul>
                </Panel>
              )}
            </>
          );
        }}
      </Listed>
    </Section>
  );
}
