import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileInput, Plus } from "lucide-react";
import { lazy, Suspense, startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/session";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { withWords } from "@/i18n/words";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Opened } from "@/ui/opened";
import { Button } from "@/ui/button";
import { useKept } from "@/ui/kept";
import { ButtonLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type ColumnId, isColumn, USUAL } from "./columns";
import { type Contact, stages } from "./data";
import { remember, says } from "./list/ahead";
import { type Chosen, useChosen, useSome } from "./list/chosen";
import { ChosenBar } from "./list/chosen-bar";
import { last } from "./list/last";
import type { Rows } from "./list/rows";
import { ContactTable } from "./list/table";
import { isBuiltIn, isFiltered, isSame, type ListSearch, listed, listedBy, type Sort } from "./search";
import { firstOf, savedViews } from "../views/data";

const tools = () => withWords(["views", "segments", "sheets"], import("./tools"));
const Views = lazy(async () => ({ default: (await tools()).Views }));
const Tools = lazy(async () => ({ default: (await tools()).Tools }));
const NewContact = lazy(async () => ({ default: (await import("./new-contact")).NewContact }));

export function ContactsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "contacts.read")) return <Forbidden title={t("contacts.title")} needs="contacts.read" />;
  return <Contacts />;
}

/** What is listed: the address says it, or the view that it names, or the view that opens first. */
function useListed(search: ListSearch) {
  const known = useQuery(stages);
  const kept = useQuery(savedViews("contacts"));
  const views = kept.data ?? [];
  // Without its views the list still works; a view that is gone is the whole list.
  const settled = !kept.isPending;
  // A link that says what it wants wants nothing else.
  const plain = search.view === undefined && !says(search);
  const person = useMe()?.user?.id;
  const named = search.view ?? (plain ? firstOf(views, person) : undefined) ?? "all";
  const view = isBuiltIn(named) || views.some(({ id }) => id === named) ? named : "all";
  const all = known.data;
  const text = JSON.stringify(listed(search, view, views, all ?? []));
  const now = useMemo(() => JSON.parse(text) as ReturnType<typeof listed>, [text]);
  const own = isBuiltIn(view) ? (search.f ?? []) : now.filter;
  const differs = !isBuiltIn(view) && !isSame(now, listedBy(view, views, all ?? []));
  const ready = settled && !known.isPending;
  useEffect(() => {
    if (plain && ready) remember(session.tenant, now);
  }, [plain, ready, now]);
  return { known, views, view, now, own, differs, ready };
}

function Contacts() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/contacts" });
  const navigate = useNavigate({ from: "/contacts" });
  const writes = useMay("contacts.write");
  const many = useMay("contacts.mass_update");
  const imports = useMay("contacts.import");
  useMe();
  // Known before who works there is.
  const { tenant } = session;
  const { known, views, view, now, own, differs, ready } = useListed(search);
  const saved = views.find(({ id }) => id === view);
  const chosen = useChosen<Contact>();
  useEffect(() => {
    last.search = { ...search, new: undefined };
  }, [search]);
  // The rows come first: they are what the page is for.
  const [first, setFirst] = useState(false);
  const onPainted = useCallback(() => startTransition(() => setFirst(true)), []);
  const painted = first || known.isError;
  const [wide, setWide] = useKept<Record<string, ColumnId[]>>("upz.contacts.columns", {});
  const usual = saved?.columns.filter(isColumn) ?? [];
  const kept = wide[view]?.filter(isColumn);
  const columns = kept ?? (usual.length > 0 ? usual : [...USUAL]);
  const changed = differs || (isBuiltIn(view) && isFiltered({ ...now, filter: own })) || kept !== undefined;

  const change = useCallback(
    (next: Partial<ListSearch>) =>
      void navigate({ to: "/contacts", search: (old) => ({ ...old, ...next }), replace: true }),
    [navigate],
  );
  /** From the first change on the address says everything itself. */
  const say = (next: { q?: string; f?: string[]; sort?: Sort | undefined }) => {
    chosen.clear();
    const said = { q: now.q || undefined, f: own.length > 0 ? own : undefined, sort: now.sort, ...next };
    change({ view, ...said, own: isBuiltIn(view) ? undefined : true });
  };
  const forget = (from = view) => {
    const { [from]: _, ...others } = wide;
    setWide(others);
  };
  const show = (next: string) => {
    chosen.clear();
    void navigate({ to: "/contacts", search: { view: next } });
  };
  const discard = () => {
    forget();
    change({ view, q: undefined, f: undefined, sort: undefined, own: undefined });
  };
  const create = () => change({ new: true });
  const box = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(writes ? [{ keys: "n", label: t("contacts.create"), run: create }] : []),
  ]);
  const isNew = writes && !now.deleted;
  const none = (rows: Rows) => {
    if (rows.first.isError) return <Failed error={rows.first.error} onRetry={rows.first.refetch} />;
    if (rows.first.isPending || !ready) return <SkeletonRows rows={12} tall />;
    if (isFiltered(now))
      return (
        <Empty
          title={t("contacts.noneTitle")}
          actions={<Button onClick={() => say({ q: undefined, f: [] })}>{t("action.clearFilters")}</Button>}
        >
          {now.q ? t("contacts.noneSearch", { query: now.q }) : t("contacts.noneFilters")}
        </Empty>
      );
    return (
      <Empty
        title={t(now.deleted ? "contacts.noneDeleted" : "contacts.emptyTitle")}
        actions={
          isNew && (
            <>
              <Button look="primary" icon={<Plus />} onClick={create}>
                {t("contacts.create")}
              </Button>
              {imports && (
                <ButtonLink to="/contacts/imports">
                  <FileInput aria-hidden="true" />
                  {t("contacts.importLong")}
                </ButtonLink>
              )}
            </>
          )
        }
      >
        {t(now.deleted ? "contacts.noneDeletedText" : "contacts.emptyText")}
      </Empty>
    );
  };
  return (
    <Page title={t("contacts.title")} fixed>
      {/* What comes after the rows has its place from the beginning: nothing moves for it. */}
      <div className="flex items-center gap-2 px-7 pt-1.5 max-md:px-2">
        <div className="flex h-[43px] min-w-0 items-center gap-2 max-md:h-[49px]">
          <Suspense>
            {painted && (
              <Views
                view={view}
                views={views}
                onTab={show}
                content={{
                  q: now.q || null,
                  filter: now.filter,
                  sort: now.sort ?? null,
                  deleted: now.deleted,
                  columns,
                  options: {},
                }}
                changed={changed}
                onView={(next) => {
                  forget();
                  show(next?.id ?? "all");
                }}
                onDiscard={discard}
              />
            )}
          </Suspense>
        </div>
        <span className="flex-1" />
        {writes && (
          <Button look="primary" icon={<Plus />} onClick={create} className="max-md:hidden">
            {t("contacts.create")}
          </Button>
        )}
      </div>
      <div className="flex min-h-[60px] items-center gap-2 px-7 pt-2 pb-3 max-md:min-h-[74px] max-md:overflow-x-auto max-md:px-4 max-md:pt-2 max-md:[scrollbar-width:none] coarse:min-h-[74px]">
        <SearchBox
          label={t("contacts.search")}
          field={box}
          value={now.q}
          onChange={(q) => say({ q: q || undefined })}
        />
        <Suspense>
          {painted && (
            <Tools
              what={now}
              own={own}
              onFilter={(f) => say({ f })}
              columns={columns}
              onColumns={(next) => setWide({ ...wide, [view]: next })}
            />
          )}
        </Suspense>
      </div>
      <div className="relative flex min-h-0 flex-1 flex-col px-7 pb-5 max-md:px-0 max-md:pb-0">
        <Panel label={t("contacts.title")} bare fill>
          {known.isError && !known.data ? (
            <Failed error={known.error} onRetry={() => void known.refetch()} />
          ) : (
            <ContactTable
              // Another list begins at its own place.
              key={`${tenant}/${JSON.stringify(now)}`}
              tenant={tenant}
              what={now}
              ready={ready}
              stages={known.data ?? NONE}
              columns={columns}
              onSort={(sort) => say({ sort })}
              chosen={chosen}
              choosable={many}
              none={none}
              onPainted={onPainted}
            />
          )}
        </Panel>
        {many && <ChosenBar chosen={chosen} what={now} settled={painted} />}
        {isNew && <CreateButton chosen={chosen} onCreate={create} />}
      </div>
      {writes && (
        <Opened open={search.new === true}>
          <NewContact open={search.new === true} onClose={() => change({ new: undefined })} />
        </Opened>
      )}
    </Page>
  );
}

/** Over the cards of a phone, where the bar stands while some are chosen. */
function CreateButton({ chosen, onCreate }: { chosen: Chosen; onCreate: () => void }) {
  const { t } = useTranslation();
  if (useSome(chosen)) return null;
  return (
    <Button
      look="primary"
      icon={<Plus />}
      onClick={onCreate}
      className="absolute end-4 bottom-4 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
    >
      {t("contacts.create")}
    </Button>
  );
}

const NONE: never[] = [];
