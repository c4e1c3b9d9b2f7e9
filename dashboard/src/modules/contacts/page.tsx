import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Columns3, Plus, Search, X } from "lucide-react";
import { lazy, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Opened } from "@/ui/opened";
import { Button } from "@/ui/button";
import { Filter } from "@/ui/filter";
import { Menu, MenuCheck } from "@/ui/menu";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { useKept } from "@/ui/kept";
import { BulkBar } from "./bulk";
import { Export } from "./export";
import { COLUMNS, type ColumnId, USUAL } from "./columns";
import { contacts, stages, tags, useMembers } from "./data";
import { isFiltered, type ListSearch, type View } from "./search";
import { ContactTable } from "./table";

const NewContact = lazy(async () => ({ default: (await import("./new-contact")).NewContact }));

const NOBODY: ReadonlySet<string> = new Set();

export function ContactsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "contacts.read")) return <Forbidden title={t("contacts.title")} />;
  return <Contacts />;
}

function Contacts() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/contacts" });
  const navigate = useNavigate();
  const writes = useMay("contacts.write");
  const many = useMay("contacts.mass_update");
  const known = useQuery(stages);
  const query = useInfiniteQuery({
    ...contacts(search, known.data ?? []),
    enabled: !known.isPending,
    placeholderData: (before) => before,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const [chosen, setChosen] = useState(NOBODY);
  const [columns, setColumns] = useKept<ColumnId[]>("upz.contacts.columns", [...USUAL]);
  const tenant = useMe()?.tenant.id ?? "";
  const place = `${tenant}/${JSON.stringify({ ...search, new: undefined })}`;

  const change = useCallback(
    (next: Partial<ListSearch>) =>
      void navigate({ to: "/contacts", search: (old) => ({ ...old, ...next }), replace: true }),
    [navigate],
  );
  const onChoose = useCallback((ids: string[], on: boolean) => {
    setChosen((old) => {
      const next = new Set(old);
      for (const id of ids) on ? next.add(id) : next.delete(id);
      return next;
    });
  }, []);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const create = () => change({ new: true });
  const box = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(writes ? [{ keys: "n", label: t("contacts.create"), run: create }] : []),
    ...(chosen.size > 0 ? [{ keys: "Escape", label: t("contacts.clearSelection"), run: () => setChosen(NOBODY) }] : []),
  ]);

  const clear = () => change({ q: undefined, view: undefined, stage: undefined, tag: undefined, owner: undefined });
  const isNew = writes && search.view !== "deleted";
  return (
    <Page title={t("contacts.title")} fixed>
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:pt-3 max-md:[scrollbar-width:none]">
        <Segments<View>
          label={t("contacts.view")}
          value={search.view ?? "all"}
          onChange={(view) => {
            setChosen(NOBODY);
            change({ view: view === "all" ? undefined : view, stage: undefined });
          }}
          options={[
            { value: "all", label: t("contacts.viewAll") },
            { value: "open", label: t("contacts.viewOpen") },
            { value: "won", label: t("contacts.viewWon") },
            { value: "deleted", label: t("contacts.viewDeleted") },
          ]}
        />
        <SearchBox field={box} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
        <Filters search={search} change={change} />
        <span className="flex-1 max-md:hidden" />
        <Menu
          align="end"
          trigger={
            <Button icon={<Columns3 />} className="max-md:hidden">
              {t("contacts.columns")}
            </Button>
          }
        >
          {COLUMNS.map(({ id }) => (
            <MenuCheck
              key={id}
              checked={columns.includes(id)}
              onChange={(on) => setColumns(on ? [...columns, id] : columns.filter((other) => other !== id))}
            >
              {t(`contacts.${id}`)}
            </MenuCheck>
          ))}
        </Menu>
        <Export search={search} />
        {writes && (
          <Button look="primary" icon={<Plus />} onClick={create} className="max-md:hidden">
            {t("contacts.create")}
          </Button>
        )}
      </div>
      <div className="relative flex min-h-0 flex-1 flex-col px-7 pb-5 max-md:px-0 max-md:pb-0">
        <Panel label={t("contacts.title")} bare fill>
          {known.isError && !known.data ? (
            <Failed error={known.error} onRetry={() => void known.refetch()} />
          ) : query.isError && !query.data ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : !query.data ? (
            <SkeletonRows rows={12} tall />
          ) : rows.length === 0 ? (
            isFiltered(search) ? (
              <Empty
                title={t("contacts.noneTitle")}
                actions={<Button onClick={clear}>{t("action.clearFilters")}</Button>}
              >
                {search.q ? t("contacts.noneSearch", { query: search.q }) : t("contacts.noneFilters")}
              </Empty>
            ) : (
              <Empty
                title={t("contacts.emptyTitle")}
                actions={
                  isNew && (
                    <Button look="primary" icon={<Plus />} onClick={create}>
                      {t("contacts.create")}
                    </Button>
                  )
                }
              >
                {t("contacts.emptyText")}
              </Empty>
            )
          ) : (
            <ContactTable
              // Another list begins at its own place.
              key={place}
              place={place}
              rows={rows}
              stages={known.data ?? []}
              columns={columns}
              sort={search.sort}
              onSort={(sort) => change({ sort })}
              chosen={chosen}
              onChoose={onChoose}
              onEnd={onEnd}
              choosable={many && search.view !== "deleted"}
            />
          )}
          {rows.length > 0 && (
            <p
              role="status"
              className="num shrink-0 border-line border-t px-[18px] py-2 text-cap text-muted max-md:hidden"
            >
              {hasNextPage
                ? t("contacts.loadedMore", { count: rows.length })
                : t("contacts.loaded", { count: rows.length })}
            </p>
          )}
        </Panel>
        {chosen.size > 0 && <BulkBar chosen={chosen} onClear={() => setChosen(NOBODY)} />}
        {isNew && (
          <Button
            look="primary"
            icon={<Plus />}
            onClick={create}
            className="absolute end-4 bottom-4 h-13! rounded-full! px-5! shadow-2 md:hidden"
          >
            {t("contacts.create")}
          </Button>
        )}
      </div>
      {writes && (
        <Opened open={search.new === true}>
          <NewContact open={search.new === true} onClose={() => change({ new: undefined })} />
        </Opened>
      )}
    </Page>
  );
}

function Filters({ search, change }: { search: ListSearch; change: (next: Partial<ListSearch>) => void }) {
  const { t } = useTranslation();
  const { data: allStages = [] } = useQuery(stages);
  const { data: allTags = [] } = useQuery(tags);
  const members = useMembers();
  return (
    <>
      <Filter
        label={t("contacts.stage")}
        value={search.stage}
        choices={allStages.map(({ key, label }) => ({ value: key, label }))}
        onChange={(stage) => change({ stage })}
      />
      {(allTags.length > 0 || search.tag) && (
        <Filter
          label={t("contacts.tag")}
          value={search.tag}
          choices={allTags.map(({ name }) => ({ value: name, label: name }))}
          onChange={(tag) => change({ tag })}
        />
      )}
      {members.size > 0 && (
        <Filter
          label={t("contacts.owner")}
          value={search.owner}
          choices={[
            { value: "nobody", label: t("contacts.nobody") },
            ...[...members].map(([value, label]) => ({ value, label })),
          ]}
          onChange={(owner) => change({ owner })}
        />
      )}
    </>
  );
}

/** Types freely; the list follows when the fingers rest. */
function SearchBox({
  value,
  onChange,
  field,
}: {
  value: string;
  onChange: (value: string) => void;
  field: React.RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), 200);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <span className="relative shrink-0">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 start-2.5 my-auto size-4 text-muted"
      />
      <input
        ref={field}
        type="search"
        aria-label={t("contacts.search")}
        placeholder={t("contacts.search")}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && (typed ? setTyped("") : event.currentTarget.blur())}
        className="h-8 w-52 rounded-[8px] border border-line-2 bg-surface ps-8 pe-7 text-sm placeholder:text-muted hover:border-control max-md:h-11 max-md:text-[16px] [&::-webkit-search-cancel-button]:hidden"
      />
      {typed && (
        <button
          type="button"
          aria-label={t("action.clear")}
          onClick={() => setTyped("")}
          className="absolute inset-y-0 end-0 grid w-8 place-items-center text-muted max-md:w-11 coarse:w-11 hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </span>
  );
}
