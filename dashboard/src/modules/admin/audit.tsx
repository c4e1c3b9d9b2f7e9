import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Filter } from "@/ui/filter";
import { Empty } from "@/ui/states";
import { type Admin, account, exported, useList } from "./api";
import { EVENTS, sayEvent } from "./event";
import { AdminPage } from "./page";
import { Filters, Moment, Who } from "./parts";
import { type Column, Rows, Table } from "./table";

type Entry = Admin["AuditEntry"];
const ACTORS = ["admin", "user", "api_key", "system", "visitor"] as const;
const SPANS = ["1", "7", "30", "90"] as const;

/** When a span began, to the hour: the same question within an hour is the same. */
function since(days: string): string {
  const at = new Date(Date.now() - Number(days) * 86_400_000);
  at.setMinutes(0, 0, 0);
  return at.toISOString();
}

export function AuditPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/admin/audit" });
  const navigate = useNavigate();
  const of = useQuery({ ...account(search.tenant ?? ""), enabled: search.tenant !== undefined }).data;
  const set = (next: Partial<typeof search>) =>
    void navigate({ to: "/admin/audit", search: (before) => ({ ...before, ...next }), replace: true });
  const { kind, who, days, tenant } = search;
  const filter = useMemo(
    () => [
      ...(kind ? [`kind:eq:${kind}`] : []),
      ...(who ? [`actor_kind:eq:${who}`] : []),
      ...(tenant ? [`tenant_id:eq:${tenant}`] : []),
      ...(days && (SPANS as readonly string[]).includes(days) ? [`occurred_at:gte:${since(days)}`] : []),
    ],
    [kind, who, tenant, days],
  );
  const query = useList("/v1/audit", filter.length > 0 ? { filter } : {});
  const columns: Column<Entry>[] = [
    {
      id: "what",
      label: t("admin.what"),
      cell: (entry) => (
        <span className="block min-w-0">
          <b className="block truncate font-[570]" title={entry.title}>
            {sayEvent(t, entry)}
          </b>
          <span className="block truncate text-[11.5px] text-muted">
            {entry.about && <bdi>{entry.about} · </bdi>}
            <code className="font-mono">{entry.kind}</code>
          </span>
        </span>
      ),
    },
    {
      id: "tenant",
      label: t("admin.account"),
      cell: (entry) => <Who id={entry.tenant_id} name={entry.tenant} />,
    },
    {
      id: "who",
      label: t("admin.who"),
      cell: (entry) => (
        <span className="block max-w-56 truncate">
          <bdi>{entry.actor ?? t(`admin.actor.${actorOf(entry)}`)}</bdi>
          {entry.actor && <span className="text-muted"> · {t(`admin.actor.${actorOf(entry)}`)}</span>}
        </span>
      ),
    },
    { id: "at", label: t("admin.when"), end: true, cell: (entry) => <Moment at={entry.occurred_at} /> },
  ];
  return (
    <AdminPage title={t("admin.nav.audit")}>
      <Filters file={{ name: "audit", load: () => exported("/v1/audit", { filter }) }}>
        <Filter
          label={t("admin.what")}
          value={kind}
          choices={EVENTS.map((value) => ({
            value,
            label: t(`admin.event.${value.replaceAll(".", "_")}` as "admin.event.flag_changed"),
          }))}
          onChange={(next) => set({ kind: next })}
        />
        <Filter
          label={t("admin.who")}
          value={who}
          choices={ACTORS.map((value) => ({ value, label: t(`admin.actor.${value}`) }))}
          onChange={(next) => set({ who: next })}
        />
        <Filter
          label={t("admin.when")}
          value={days}
          choices={SPANS.map((value) => ({ value, label: t("admin.lastDays", { count: Number(value) }) }))}
          onChange={(next) => set({ days: next })}
        />
        {tenant && (
          <Filter
            label={t("admin.account")}
            value={tenant}
            choices={[{ value: tenant, label: of?.name ?? tenant }]}
            onChange={() => set({ tenant: undefined })}
          />
        )}
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.rows.length === 0}
          empty={
            <Empty
              title={t("admin.noneFits")}
              actions={
                <Button onClick={() => set({ kind: undefined, who: undefined, days: undefined, tenant: undefined })}>
                  {t("action.clearFilters")}
                </Button>
              }
            />
          }
        >
          <Table label={t("admin.nav.audit")} rows={query.rows} keyOf={(entry) => entry.id} columns={columns} />
        </Rows>
      </div>
    </AdminPage>
  );
}

const actorOf = ({ actor_kind }: Entry): (typeof ACTORS)[number] =>
  ACTORS.find((known) => known === actor_kind) ?? "system";
