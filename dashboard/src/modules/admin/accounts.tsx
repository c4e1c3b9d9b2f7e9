import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Filter } from "@/ui/filter";
import { money } from "@/ui/money";
import { SearchBox } from "@/ui/search-box";
import { Empty } from "@/ui/states";
import { type Admin, account, plans, exported, useList } from "./api";
import { AdminPage } from "./page";
import { ACCOUNT_STATES, Filters, Moment, StateChip, Who } from "./parts";
import type { AccountsSearch } from "./routes";
import { type Column, Rows, Table } from "./table";

type Kind = "agencies" | "clients";

export const AgenciesPage = () => <Accounts kind="agencies" />;
export const ClientsPage = () => <Accounts kind="clients" />;

function Accounts({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const search = useSearch({ from: `/admin/${kind}` });
  const navigate = useNavigate();
  const known = useQuery(plans).data;
  const of = useQuery({ ...account(search.agency ?? ""), enabled: search.agency !== undefined }).data;
  const set = useCallback(
    (next: Partial<AccountsSearch>) =>
      void navigate({ to: `/admin/${kind}`, search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate, kind],
  );
  const find = useCallback((q: string) => set({ q: q || undefined }), [set]);
  const filter = [
    ...(search.state ? [`state:eq:${search.state}`] : []),
    ...(search.plan ? [`plan_id:eq:${search.plan}`] : []),
    ...(search.agency ? [`parent_id:eq:${search.agency}`] : []),
  ];
  const query = useList(`/v1/${kind}`, {
    ...(search.q && { search: search.q }),
    ...(search.sort && { sort: search.sort }),
    ...(filter.length > 0 && { filter }),
  });
  const filtered = Boolean(search.q || search.state || search.plan || search.agency);
  const clear = () => set({ q: undefined, state: undefined, plan: undefined, agency: undefined });
  const columns: Column<Admin["Account"]>[] = [
    {
      id: "name",
      label: t("field.name"),
      sort: "name",
      cell: (row) => <Who id={row.id} name={row.name} note={row.slug} />,
    },
    ...(kind === "clients"
      ? [
          {
            id: "agency",
            label: t("admin.agency"),
            cell: (row: Admin["Account"]) => <bdi className="block max-w-56 truncate">{row.parent_name ?? "–"}</bdi>,
          },
        ]
      : []),
    { id: "state", label: t("admin.stateLabel"), cell: (row) => <StateChip account={row} /> },
    {
      id: "plan",
      label: t("admin.plan"),
      cell: (row) => (
        <span className="whitespace-nowrap text-ink-2">
          {row.plan_name ?? t("admin.noPlan")}
          {kind === "clients" && row.plan_name && !row.plan_id && (
            <span className="text-muted"> {t("admin.asAgency")}</span>
          )}
        </span>
      ),
    },
    {
      id: "price",
      label: t("admin.aMonth"),
      end: true,
      cell: ({ price_minor: price, currency }) =>
        typeof price === "number" && currency ? money(price, currency, formats.locale) : "–",
    },
    ...(kind === "agencies"
      ? [
          {
            id: "clients",
            label: t("admin.nav.clients"),
            end: true,
            cell: (row: Admin["Account"]) => formats.count(row.clients),
          },
        ]
      : []),
    { id: "members", label: t("admin.members"), end: true, cell: (row) => formats.count(row.members) },
    {
      id: "since",
      label: t("admin.since"),
      end: true,
      sort: "created_at",
      cell: (row) => <Moment at={row.activated_at} />,
    },
  ];
  return (
    <AdminPage title={t(`admin.nav.${kind}`)}>
      <Filters file={{ name: kind, load: () => exported(`/v1/${kind}`, { search: search.q, filter }) }}>
        <SearchBox
          className="w-64 max-md:w-full"
          value={search.q ?? ""}
          onChange={find}
          label={t("admin.searchName")}
        />
        <Filter
          label={t("admin.stateLabel")}
          value={search.state}
          choices={ACCOUNT_STATES.map((value) => ({ value, label: t(`admin.state.${value}`) }))}
          onChange={(state) => set({ state })}
        />
        <Filter
          label={t("admin.plan")}
          value={search.plan}
          choices={(known ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(plan) => set({ plan })}
        />
        {search.agency && (
          <Filter
            label={t("admin.agency")}
            value={search.agency}
            choices={[{ value: search.agency, label: of?.name ?? search.agency }]}
            onChange={() => set({ agency: undefined })}
          />
        )}
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.rows.length === 0}
          empty={
            filtered ? (
              <Empty
                title={t("admin.noneFits")}
                actions={<Button onClick={clear}>{t("action.clearFilters")}</Button>}
              />
            ) : (
              <Empty title={kind === "agencies" ? t("admin.noAgencies") : t("admin.noClients")}>
                {t("admin.noAccountsText")}
              </Empty>
            )
          }
        >
          <Table
            label={t(`admin.nav.${kind}`)}
            rows={query.rows}
            keyOf={(row) => row.id}
            columns={columns}
            sort={search.sort ?? "name"}
            onSort={(sort) => set({ sort: sort as AccountsSearch["sort"] })}
          />
        </Rows>
      </div>
    </AdminPage>
  );
}
