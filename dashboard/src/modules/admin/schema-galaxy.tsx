import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Galaxy } from "@/sky/Galaxy/Galaxy";
import { MOST_TENANTS, type SchemaState, type Tenant } from "@/sky/Galaxy/geometry";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/states";
import { type Admin, fleetMap, health } from "./api";

const STATE: Record<string, SchemaState> = {
  current: "current",
  pending: "queued",
  running: "migrating",
  failed: "failed",
};
/** What a dot is worth: an agency, one of its clients, a schema that waits for somebody. */
const WEIGHT: Record<string, number> = { agency: 4, client: 2 };

export function dotsOf(schemas: readonly Admin["SchemaDot"][], pool: string): Tenant[] {
  return schemas.map(({ tenant_id, name, kind, cell, state, error }) => ({
    id: tenant_id,
    name: name || pool,
    state: STATE[state] ?? "queued",
    shard: cell,
    weight: WEIGHT[kind ?? ""] ?? 1,
    ...(error && { reason: error }),
  }));
}

/** Every tenant's schema, and which of them want somebody. */
export function SchemaGalaxy({ linked = true }: { linked?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useQuery(fleetMap);
  const version = useQuery(health).data?.schema_version;
  const pool = t("admin.pool");
  const tenants = useMemo(() => dotsOf(query.data ?? [], pool), [query.data, pool]);
  const failed = (query.data ?? []).filter(({ state }) => state === "failed");
  const open = (id: string) => {
    const schema = query.data?.find(({ tenant_id }) => tenant_id === id);
    if (schema?.kind) void navigate({ to: "/admin/accounts/$id", params: { id } });
    else void navigate({ to: "/admin/schemas" });
  };
  return (
    <Panel
      title={t("admin.schemas")}
      note={
        version !== undefined && (
          <span className="max-md:hidden">{t("admin.schemasNote", { count: tenants.length, version })}</span>
        )
      }
      more={
        linked && (
          <Link to="/admin/schemas" className="text-sm">
            {t("admin.nav.schemas")}
          </Link>
        )
      }
    >
      {query.isPending ? (
        // An empty sky of the same height.
        <div className="invisible">
          <Galaxy tenants={[]} />
        </div>
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <Galaxy tenants={tenants} {...(tenants.length <= MOST_TENANTS && { onOpen: open })} />
          {failed.length > 0 && (
            <ul className="mt-3 flex flex-col gap-2.5 border-line border-t pt-3">
              {failed.slice(0, 3).map(({ tenant_id, name, error }) => (
                <li key={tenant_id} className="min-w-0 text-sm">
                  <Link to="/admin/schemas" search={{ state: "failed" }} className="font-semibold">
                    <bdi>{name || pool}</bdi>
                  </Link>
                  {error && <p className="truncate text-[12.5px] text-muted">{error}</p>}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  );
}
