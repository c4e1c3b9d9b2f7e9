import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, CircleDot, CircleX, Clock } from "lucide-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Filter } from "@/ui/filter";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Empty, Skeleton } from "@/ui/states";
import { type Admin, admin, health, ok, exported, useList } from "./api";
import { AdminPage } from "./page";
import { Filters, Moment, Verdict, VerdictComes, Who } from "./parts";
import { SchemaGalaxy } from "./schema-galaxy";
import { type Column, Rows, Table } from "./table";

const STATES = {
  current: { tone: "success", icon: CircleCheck },
  pending: { tone: "neutral", icon: Clock },
  running: { tone: "sun", icon: CircleDot },
  failed: { tone: "danger", icon: CircleX },
} as const;
type State = keyof typeof STATES;
const NAMES = Object.keys(STATES) as State[];

export function SchemasPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/admin/schemas" });
  const navigate = useNavigate();
  const now = useQuery(health).data;
  const set = useCallback(
    (next: { q?: string; state?: string }) =>
      void navigate({ to: "/admin/schemas", search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  );
  const find = useCallback((q: string) => set({ q: q || undefined }), [set]);
  const filter = [
    ...(search.state ? [`state:eq:${search.state}`] : []),
    ...(search.q ? [`${/^t_/.test(search.q) ? "schema_name" : "name"}:contains:${search.q}`] : []),
  ];
  const query = useList("/v1/schemas", filter.length > 0 ? { filter } : {}, 30_000);
  const columns: Column<Admin["SchemaView"]>[] = [
    {
      id: "tenant",
      label: t("admin.account"),
      cell: (row) => (
        <Who
          id={row.tenant_id}
          name={row.name}
          kind={row.kind ? undefined : "pool"}
          note={<code className="font-mono text-[11.5px]">{row.schema_name}</code>}
        />
      ),
    },
    { id: "state", label: t("admin.stateLabel"), cell: (row) => <SchemaState state={row.state} /> },
    { id: "version", label: t("admin.version"), end: true, cell: (row) => `V${row.version}` },
    {
      id: "error",
      label: t("admin.why"),
      cell: (row) =>
        row.error ? (
          <span className="line-clamp-2 max-w-[420px] text-[12.5px] break-words text-danger-text" title={row.error}>
            {row.error}
          </span>
        ) : (
          <span className="text-muted">–</span>
        ),
    },
    { id: "tries", label: t("admin.tries"), end: true, cell: (row) => row.attempts },
    { id: "at", label: t("admin.migrated"), end: true, cell: (row) => <Moment at={row.finished_at} /> },
  ];
  const failed = now?.failed_schemas ?? 0;
  return (
    <AdminPage title={t("admin.nav.schemas")}>
      {!now ? (
        <VerdictComes short />
      ) : (
        <Verdict
          title={
            failed > 0
              ? t("admin.trouble.migrations_failed", { count: failed })
              : now.waiting_schemas > 0
                ? t("admin.schemasWait", { count: now.waiting_schemas })
                : t("admin.fleetWell", { version: now.schema_version })
          }
          text={failed > 0 ? t("admin.fleetFailedText") : t("admin.schemasReady", { count: now.ready_schemas })}
        />
      )}
      <div className="grid items-start gap-4 px-7 max-md:px-4 xl:grid-cols-[1.35fr_1fr]">
        <SchemaGalaxy linked={false} />
        <Groups />
      </div>
      <Filters file={{ name: "schemas", load: () => exported("/v1/schemas", { filter }) }}>
        <SearchBox
          className="w-64 max-md:w-full"
          value={search.q ?? ""}
          onChange={find}
          label={t("admin.searchSchema")}
        />
        <Filter
          label={t("admin.stateLabel")}
          value={search.state}
          choices={NAMES.map((value) => ({ value, label: t(`admin.schema.${value}`) }))}
          onChange={(state) => set({ state })}
        />
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.rows.length === 0}
          empty={
            <Empty
              title={t("admin.noneFits")}
              actions={
                <Button onClick={() => set({ q: undefined, state: undefined })}>{t("action.clearFilters")}</Button>
              }
            />
          }
        >
          <Table label={t("admin.schemas")} rows={query.rows} keyOf={(row) => row.tenant_id} columns={columns} />
        </Rows>
      </div>
    </AdminPage>
  );
}

function SchemaState({ state }: { state: string }) {
  const { t } = useTranslation();
  const known = STATES[state as State];
  if (!known) return <Chip>{state}</Chip>;
  const Icon = known.icon;
  return (
    <Chip tone={known.tone}>
      <Icon aria-hidden="true" />
      {t(`admin.schema.${state as State}`)}
    </Chip>
  );
}

/** How many schemas are at which version: a fleet is rarely all in one place. */
function Groups() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useQuery({
    queryKey: ["admin", "schemas", "groups"],
    queryFn: ({ signal }) => ok(admin.GET("/v1/fleet", { signal })),
    refetchInterval: 30_000,
  });
  const most = Math.max(1, ...(data ?? []).map(({ count }) => count));
  return (
    <Panel title={t("admin.versions")}>
      <ul className="flex flex-col gap-3">
        {!data && <Skeleton className="h-[31px]" />}
        {(data ?? []).map(({ version, state, count }) => (
          <li key={`${version}${state}`} className="text-sm">
            <span className="flex items-center gap-2.5">
              <b className="num font-semibold">V{version}</b>
              <SchemaState state={state} />
              <span className="num ms-auto font-semibold">{formats.count(count)}</span>
            </span>
            <span aria-hidden="true" className="mt-1.5 block h-1.5 overflow-hidden rounded-full bg-sunken">
              <span
                className={`block h-full rounded-full ${state === "failed" ? "bg-danger" : "bg-accent"}`}
                style={{ width: `${Math.max(2, (count / most) * 100)}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-4 border-line border-t pt-3 text-[12.5px] text-muted">
        {t("admin.migrateHelp")}{" "}
        <code className="rounded-[5px] bg-sunken px-1.5 py-0.5 font-mono text-[12px] whitespace-nowrap text-ink-2">
          migrate retry
        </code>
      </p>
    </Panel>
  );
}
