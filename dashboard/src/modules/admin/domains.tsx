import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Confirm } from "@/ui/confirm";
import { Filter } from "@/ui/filter";
import { SearchBox } from "@/ui/search-box";
import { Empty } from "@/ui/states";
import { say } from "@/ui/toast";
import { type DomainState, RESULT_TONE, type RecordResult, STATE_TONE, STATES } from "../domains/data";
import { type Admin, admin, exported, ok, useList, useMay } from "./api";
import { AdminPage } from "./page";
import { Filters, Moment, Who } from "./parts";
import { type Column, Rows, Table } from "./table";

type Domain = Admin["AccountDomain"];

/** Own domains of all accounts: which are served, and what is wrong with those that are not. */
export function DomainsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/admin/domains" });
  const navigate = useNavigate();
  const writes = useMay("platform.accounts.write");
  const [going, setGoing] = useState<Domain>();
  const set = useCallback(
    (next: { q?: string; state?: string }) =>
      void navigate({ to: "/admin/domains", search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  );
  const find = useCallback((q: string) => set({ q: q || undefined }), [set]);
  const filter = [
    ...(search.state ? [`state:eq:${search.state}`] : []),
    ...(search.q ? [`host:contains:${search.q.toLowerCase()}`] : []),
  ];
  const query = useList("/v1/domains", filter.length > 0 ? { filter } : {}, 60_000);
  const columns: Column<Domain>[] = [
    {
      id: "host",
      label: t("domains.host"),
      cell: ({ host, is_primary }) => (
        <span className="block min-w-0">
          <b className="block truncate font-semibold" title={host}>
            <bdi dir="ltr">{host}</bdi>
          </b>
          {is_primary && <span className="block text-[12.5px] text-muted">{t("domains.primary")}</span>}
        </span>
      ),
    },
    { id: "account", label: t("admin.account"), cell: (row) => <Who id={row.tenant_id} name={row.tenant} /> },
    {
      id: "state",
      label: t("admin.stateLabel"),
      cell: ({ state }) => (
        <Chip tone={STATE_TONE[state as DomainState]}>{t(`domains.state.${state as DomainState}`)}</Chip>
      ),
    },
    { id: "since", label: t("admin.since"), end: true, roomy: true, cell: ({ since }) => <Moment at={since} /> },
    { id: "looked", label: t("admin.lastLook"), end: true, cell: ({ looked_at }) => <Moment at={looked_at} /> },
    { id: "found", label: t("admin.foundThere"), cell: (row) => <Found domain={row} /> },
  ];
  return (
    <AdminPage title={t("admin.nav.domains")}>
      <Filters file={{ name: "domains", load: () => exported("/v1/domains", { filter }) }}>
        <SearchBox
          className="w-64 max-md:w-full"
          value={search.q ?? ""}
          onChange={find}
          label={t("admin.searchDomain")}
        />
        <Filter
          label={t("admin.stateLabel")}
          value={search.state}
          choices={STATES.map((value) => ({ value, label: t(`domains.state.${value}`) }))}
          onChange={(state) => set({ state })}
        />
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.rows.length === 0}
          empty={
            filter.length > 0 ? (
              <Empty
                title={t("admin.noneFits")}
                actions={
                  <Button onClick={() => set({ q: undefined, state: undefined })}>{t("action.clearFilters")}</Button>
                }
              />
            ) : (
              <Empty title={t("admin.noDomains")}>{t("admin.noDomainsText")}</Empty>
            )
          }
        >
          <Table
            label={t("admin.nav.domains")}
            rows={query.rows}
            keyOf={({ id }) => id}
            columns={columns}
            action={
              writes
                ? (row) => (
                    <Button
                      size="small"
                      look="ghost"
                      icon={<Trash2 />}
                      aria-label={`${t("action.remove")}: ${row.host}`}
                      onClick={() => setGoing(row)}
                    >
                      {t("action.remove")}
                    </Button>
                  )
                : undefined
            }
          />
        </Rows>
      </div>
      {going && <Remove domain={going} onClose={() => setGoing(undefined)} />}
    </AdminPage>
  );
}

/** What the last look found of each record, and what stands there in its place. */
function Found({ domain: { records, looked_at } }: { domain: Domain }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-col gap-1 py-1.5">
      {records.map(({ kind, value, result, found }) => (
        <span key={`${kind}${value}`} className="block max-w-72 text-[12.5px]">
          <span className="inline-flex items-center gap-1.5">
            <span className="text-muted">{kind}</span>
            <Chip tone={RESULT_TONE[result as RecordResult]}>
              {/* Whoever looked and knows nothing got no answer. */}
              {result === "unknown" && looked_at ? t("admin.dnsSilent") : t(`domains.result.${result as RecordResult}`)}
            </Chip>
          </span>
          {found.length > 0 && (
            <bdi className="line-clamp-2 break-all text-danger-text" title={found.join("\n")}>
              {t("domains.foundInstead", { what: found.join(", ") })}
            </bdi>
          )}
        </span>
      ))}
    </span>
  );
}

/** What is served has to be typed; the rest is asked. */
function Remove({ domain: { id, host, state, tenant }, onClose }: { domain: Domain; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const served = state === "active" || state === "failing";
  const remove = useMutation({
    mutationFn: () => ok(admin.DELETE("/v1/domains/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      say(t("domains.removed", { host }));
      onClose();
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("domains.remove", { host })}
      lead={served ? t("domains.removeText") : t("admin.removeUnserved")}
      action={t("action.remove")}
      typed={served ? host : undefined}
      busy={remove.isPending}
      trouble={remove.error && sayThrown(remove.error)}
      onConfirm={() => remove.mutate()}
    >
      <p className="text-sm text-ink-2">{t("admin.removeDomainText", { name: tenant })}</p>
    </Confirm>
  );
}
