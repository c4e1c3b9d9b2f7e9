import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { Listed } from "@/ui/listed";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { useMembers } from "../contacts/data";
import type { ListSearch, Sort, View } from "./address";
import { companies, queryOf, TIERS } from "./data";
import { last } from "./last";
import { Cards, Table } from "./table";

const NewCompany = lazy(async () => ({ default: (await import("./form/new-company")).NewCompany }));

export function CompaniesPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "companies.read")) return <Forbidden title={t("companies.title")} needs="companies.read" />;
  return <Companies />;
}

function Companies() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/companies" });
  const navigate = useNavigate({ from: "/companies" });
  const writes = useMay("companies.write");
  const members = useMembers();
  const box = useRef<HTMLInputElement>(null);
  const query = useInfiniteQuery(companies(search));
  useEffect(() => {
    last.search = { ...search, new: undefined };
  }, [search]);
  const change = (next: Partial<ListSearch>) =>
    void navigate({ to: "/companies", search: (old) => ({ ...old, ...next }), replace: true });
  const view: View = search.view ?? "all";
  const create = () => change({ new: true });
  const isNew = writes && view !== "deleted";
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(writes ? [{ keys: "n", label: t("companies.create"), run: create }] : []),
  ]);
  const add = isNew && (
    <Button look="primary" icon={<Plus />} onClick={create}>
      {t("companies.create")}
    </Button>
  );
  const filtered = search.q !== undefined || search.tier !== undefined || search.owner !== undefined;
  const some = filtered || view === "active" || view === "prospect";
  const table = {
    deleted: view === "deleted",
    sort: search.sort,
    onSort: (sort: Sort | undefined) => change({ sort }),
  };
  return (
    <Page title={t("companies.title")}>
      <div className="flex items-center gap-2 px-7 pt-3.5 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <Segments<View>
          label={t("companies.views")}
          value={view}
          onChange={(next) => change({ view: next === "all" ? undefined : next })}
          options={(["all", "active", "prospect", "deleted"] as const).map((value) => ({
            value,
            label: t(`companies.view.${value}`),
          }))}
        />
        <span className="flex-1 max-md:hidden" />
        <span className="max-md:hidden">{add}</span>
      </div>
      <div className="flex items-center gap-2 px-7 pt-3 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <SearchBox
          field={box}
          label={t("companies.search")}
          value={search.q ?? ""}
          onChange={(q) => change({ q: q || undefined })}
        />
        <Filter
          label={t("companies.tierOf")}
          value={search.tier}
          choices={TIERS.map((value) => ({ value, label: t(`companies.tier.${value}`) }))}
          onChange={(tier) => change({ tier })}
        />
        {members.size > 0 && (
          <Filter
            label={t("companies.owner")}
            value={search.owner}
            choices={[
              { value: "nobody", label: t("companies.nobody") },
              ...[...members].map(([value, label]) => ({ value, label })),
            ]}
            onChange={(owner) => change({ owner })}
          />
        )}
        <span className="flex-1" />
        <Export search={search} />
      </div>
      <div className="px-7 pb-8 max-md:px-4 max-md:pb-24">
        <Panel label={t("companies.title")} bare>
          <Listed
            query={query}
            rows={8}
            onClear={
              some ? () => change({ view: undefined, q: undefined, tier: undefined, owner: undefined }) : undefined
            }
            empty={
              <Empty title={t(view === "deleted" ? "companies.noneDeleted" : "companies.emptyTitle")} actions={add}>
                {t(view === "deleted" ? "companies.noneDeletedText" : "companies.emptyText")}
              </Empty>
            }
          >
            {(items) => (
              <>
                <Table companies={items} members={members} {...table} />
                <Cards companies={items} />
              </>
            )}
          </Listed>
        </Panel>
      </div>
      {isNew && (
        <Button
          look="primary"
          icon={<Plus />}
          onClick={create}
          className="fixed end-4 bottom-[calc(84px+env(safe-area-inset-bottom))] z-30 h-13! rounded-full! px-5! shadow-2 md:hidden"
        >
          {t("companies.create")}
        </Button>
      )}
      {writes && (
        <Opened open={search.new === true}>
          <NewCompany open={search.new === true} onClose={() => change({ new: undefined })} />
        </Opened>
      )}
    </Page>
  );
}

/** The list with its words and filters as a file for a spreadsheet. */
function Export({ search }: { search: ListSearch }) {
  const { t } = useTranslation();
  const allowed = useMay("companies.export");
  const { q, filter } = queryOf(search);
  const query = { ...(q && { q }), ...(filter && { filter }) };
  if (!allowed || search.view === "deleted") return null;
  return (
    <ExportButton
      name="companies"
      label={t("companies.export")}
      load={() => ok(api.GET("/v1/companies/export", { params: { query }, parseAs: "blob" }))}
      className="max-md:hidden"
    />
  );
}
