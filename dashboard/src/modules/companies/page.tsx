import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { GitMerge, History, Plus } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { SheetButton } from "@/modules/sheets/export";
import { useChosen, useSome } from "@/ui/chosen";
import type { Choice } from "@/ui/filter";
import { useKept } from "@/ui/kept";
import { ButtonLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { useMedia } from "@/ui/media";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { countries } from "@/ui/regions";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { useMembers } from "../contacts/data";
import { Conditions } from "../contacts/filters/conditions";
import { OwnFilters } from "../contacts/filters/own";
import { ColumnChooser } from "../contacts/views/columns";
import { AdvancedFilters } from "../segments/advanced-filter";
import { type ListSearch, readSearch, type Sort, type View } from "./address";
import { type ColumnId, isColumn, USUAL, useColumns } from "./columns";
import { BANDS, type Company, companies, FOUND, queryOf, SIZES, STATUSES, TIERS } from "./data";
import { FIELDS, type Field, parse, put, USUAL as USUAL_FIELDS } from "./filters";
import { last } from "./last";
import { contentOf, searchOf } from "./saved";
import { ViewChips } from "../views/chips";
import { Cards, Table } from "./table";

const BulkBar = lazy(async () => ({ default: (await import("./bulk")).BulkBar }));
const NewCompany = lazy(async () => ({ default: (await import("./form/new-company")).NewCompany }));

export function CompaniesPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "companies.read")) return <Forbidden title={t("companies.title")} needs="companies.read" />;
  return <Companies />;
}

function Companies() {
  const { t } = useTranslation();
  const search = readSearch({ ...useSearch({ from: "/shell/companies" }) });
  const navigate = useNavigate({ from: "/companies" });
  const writes = useMay("companies.write");
  const members = useMembers();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    last.search = { ...search, new: undefined };
  }, [search]);
  const change = (next: Partial<ListSearch>) =>
    void navigate({ to: "/companies", search: { ...search, ...next }, replace: true });
  const view: View = search.view ?? "all";
  const create = () => change({ new: true });
  const many = useMay("companies.mass_update");
  const phone = useMedia("(max-width: 767px)");
  const chosen = useChosen<Company>();
  const some = useSome(chosen);
  const { known, deletedAt } = useColumns(members);
  const [wide, setWide] = useKept<ColumnId[]>("upz.companies.columns", [...USUAL]);
  const columns = wide.filter(isColumn);
  const query = useInfiniteQuery(companies(search));
  const drawn = [
    ...columns.flatMap((id) => known.find((column) => column.id === id) ?? []),
    ...(view === "deleted" ? [deletedAt] : []),
  ];
  const own = search.f ?? [];
  const { sort: _, ...asked } = queryOf(search);
  /** Another list: what was chosen in the one before is not meant any more. */
  const narrow = (next: Partial<ListSearch>) => {
    chosen.clear();
    change(next);
  };
  const isNew = writes && view !== "deleted";
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(some ? [{ keys: "Escape", label: t("contacts.clearSelection"), run: chosen.clear }] : []),
    ...(writes ? [{ keys: "n", label: t("companies.create"), run: create }] : []),
  ]);
  const add = isNew && (
    <Button look="primary" icon={<Plus />} onClick={create}>
      {t("companies.create")}
    </Button>
  );
  const narrowed = search.q !== undefined || own.length > 0 || view === "active" || view === "prospect";
  return (
    <Page title={t("companies.title")}>
      <div className="flex items-center gap-2 px-7 pt-3.5 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <Segments<View>
          label={t("companies.views")}
          value={view}
          onChange={(next) => narrow({ view: next === "all" ? undefined : next, saved: "all" })}
          options={(["all", "active", "prospect", "deleted"] as const).map((value) => ({
            value,
            label: t(`companies.view.${value}`),
          }))}
        />
        <ViewChips
          list="companies"
          beside
          search={{ ...search, saved: undefined, new: undefined }}
          shown={search.saved}
          contentOf={(said) => contentOf(said, columns)}
          searchOf={searchOf}
          onShow={(saved, next) => {
            chosen.clear();
            void navigate({ to: "/companies", search: { ...next, saved }, replace: true });
          }}
          onColumns={(kept) => setWide(kept.filter(isColumn))}
        />
        <span className="flex-1 max-md:hidden" />
        <span className="shrink-0 max-md:hidden">{add}</span>
      </div>
      <div className="flex items-center gap-2 px-7 pt-3 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <SearchBox
          field={box}
          label={t("companies.search")}
          value={search.q ?? ""}
          onChange={(q) => narrow({ q: q || undefined })}
        />
        <div className="flex min-w-0 flex-1 items-center gap-2 overflow-x-auto py-1 [scrollbar-width:none] max-md:flex-none max-md:overflow-visible">
          <Filters filter={own} members={members} onChange={(f) => narrow({ f: f.length > 0 ? f : undefined })} />
        </div>
        <ColumnChooser brief columns={columns} known={known} usual={USUAL} onChange={setWide} />
        <ButtonLink to="/companies/duplicates" title={t("companies.duplicates")} className="shrink-0">
          <GitMerge aria-hidden="true" />
          <span className="md:max-2xl:sr-only">{t("companies.duplicates")}</span>
        </ButtonLink>
        {many && (
          <ButtonLink to="/companies/bulk-runs" title={t("contacts.runs.title")} className="shrink-0">
            <History aria-hidden="true" />
            <span className="md:max-2xl:sr-only">{t("contacts.runs.title")}</span>
          </ButtonLink>
        )}
        <Export search={search} />
      </div>
      <div className="px-7 pb-20 max-md:px-4 max-md:pb-24">
        <Panel label={t("companies.title")} bare>
          <Listed
            query={query}
            rows={8}
            onClear={narrowed ? () => narrow({ view: undefined, q: undefined, f: undefined }) : undefined}
            empty={
              <Empty title={t(view === "deleted" ? "companies.noneDeleted" : "companies.emptyTitle")} actions={add}>
                {t(view === "deleted" ? "companies.noneDeletedText" : "companies.emptyText")}
              </Empty>
            }
          >
            {(items, more) =>
              phone ? (
                <Cards companies={items} chosen={chosen} choosable={many} more={more} />
              ) : (
                <Table
                  companies={items}
                  columns={drawn}
                  chosen={chosen}
                  choosable={many}
                  sort={search.sort}
                  onSort={(sort: Sort | undefined) => change({ sort })}
                  more={more}
                />
              )
            }
          </Listed>
        </Panel>
      </div>
      {some && (
        <div className="sticky bottom-0 z-20 max-md:bottom-[calc(72px+env(safe-area-inset-bottom))]">
          <Suspense>
            <BulkBar chosen={chosen} members={members} list={asked} />
          </Suspense>
        </div>
      )}
      {isNew && !some && (
        <Button
          look="primary"
          icon={<Plus />}
          onClick={create}
          className="fixed end-4 bottom-[calc(84px+env(safe-area-inset-bottom))] z-30 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
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

/** How companies are doing: the bands, and what can be found about each part. */
const healths = (t: TFunction): Choice[] => [
  ...BANDS.map((value) => ({ value, label: t(`companies.band.${value}`) })),
  ...(Object.keys(FOUND) as (keyof typeof FOUND)[]).flatMap((part) =>
    FOUND[part].map((found) => ({
      value: `${part}.${found}`,
      label: `${t(`companies.part.${part}`)}: ${t(`companies.found.${found}`)}`,
    })),
  ),
];

/** What companies can be asked for: what everybody has, and the tenant's own fields. */
function Filters(props: {
  filter: readonly string[];
  members: ReadonlyMap<string, string>;
  onChange: (next: string[]) => void;
}) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { members } = props;
  const lands = useMemo(() => countries(locale).map(({ code, name }) => ({ value: code, label: name })), [locale]);
  const choicesOf = ({ name }: Field): readonly Choice[] => {
    switch (name) {
      case "tier":
        return TIERS.map((value) => ({ value, label: t(`companies.tier.${value}`) }));
      case "status":
        return STATUSES.map((value) => ({ value, label: t(`companies.status.${value}`) }));
      case "size":
        return SIZES.map((size) => ({ value: size, label: t("companies.employees", { size }) }));
      case "health":
        return healths(t);
      case "country":
        return lands;
      case "owner":
        return [...members].map(([value, label]) => ({ value, label }));
      default:
        return [];
    }
  };
  return (
    <>
      <Conditions<Field>
        filter={props.filter}
        onChange={props.onChange}
        fields={FIELDS}
        usual={USUAL_FIELDS}
        parse={parse}
        put={put}
        labelOf={({ name }) => t(`companies.asked.${name}`)}
        choicesOf={choicesOf}
      />
      <OwnFilters record="company" filter={props.filter} onChange={props.onChange} />
      <AdvancedFilters of="companies" filter={props.filter} onChange={props.onChange} />
    </>
  );
}

/** The list with its words and filters as a file for a spreadsheet. */
function Export({ search }: { search: ListSearch }) {
  const allowed = useMay("companies.export");
  const { q, filter } = queryOf(search);
  const query = { ...(q && { q }), ...(filter && { filter }) };
  if (!allowed || search.view === "deleted") return null;
  return (
    <SheetButton
      name="companies"
      load={(look) => api.GET("/v1/companies/export", { params: { query: { ...query, ...look } }, parseAs: "blob" })}
      className="max-md:hidden"
    />
  );
}
