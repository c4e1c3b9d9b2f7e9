import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import {
  ChartLine,
  ChevronDown,
  History,
  Orbit,
  Plus,
  Settings2,
  SlidersHorizontal,
  SquareKanban,
  Table2,
} from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { withWords } from "@/i18n/words";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { useChosen, useSome } from "@/ui/chosen";
import { Filter } from "@/ui/filter";
import { useKept } from "@/ui/kept";
import { Menu, MenuChoices, MenuItem, MenuLine } from "@/ui/menu";
import { Opened } from "@/ui/opened";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type DealsSearch, filtersOf, VIEWS, type View } from "./address";
import { Board } from "./board/board";
import { BoardComing } from "./board/coming";
import { useEnds } from "./changes";
import { isColumn, USUAL } from "./columns";
import { company } from "../companies/data";
import { ClosesFilter } from "./parts/closes";
import { CompanyFilter, ContactFilter } from "./parts/company";
import { board, type Deal, NONE_WON, pipelines, useMembers, type Wish, wonSince } from "./data";
import { last } from "./last";
import { contentOf, searchOf } from "./saved";
import { ViewChips } from "../views/chips";
import { savedViews } from "../views/data";
import { useAskedMoves } from "./parts/moving";
import { missingWords, toldSum } from "./sums";

const NewDeal = lazy(async () => ({ default: (await import("./parts/new-deal")).NewDeal }));
const CloseDialog = lazy(async () => ({ default: (await import("./parts/close-dialog")).CloseDialog }));
const DealTable = lazy(async () => ({
  default: (await withWords(["contacts", "fields", "segments"], import("./parts/table"))).DealTable,
}));
const Filters = lazy(async () => ({
  default: (await withWords(["contacts", "fields", "segments"], import("./parts/filters"))).Filters,
}));
const OrbitView = lazy(async () => ({ default: (await import("./parts/orbit")).OrbitView }));
const ForecastView = lazy(async () => ({ default: (await import("./parts/forecast")).ForecastView }));
const Replay = lazy(async () => ({ default: (await import("./parts/replay")).Replay }));

const ICONS: Record<View, ReactNode> = {
  board: <SquareKanban aria-hidden="true" className="size-4" />,
  table: <Table2 aria-hidden="true" className="size-4" />,
  orbit: <Orbit aria-hidden="true" className="size-4" />,
  forecast: <ChartLine aria-hidden="true" className="size-4" />,
};

export function DealsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "deals.read")) return <Forbidden title={t("deals.title")} needs="deals.read" />;
  return <Deals />;
}

function Deals() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/deals" });
  const navigate = useNavigate();
  const formats = useFormats();
  const me = useMe();
  const writes = useMay("deals.write");
  const manages = me?.grants["deals.write"] === "all";
  const known = useQuery(pipelines);
  const members = useMembers();
  const box = useRef<HTMLInputElement>(null);
  const change = (next: Partial<DealsSearch>) =>
    void navigate({ to: "/deals", search: { ...search, ...next }, replace: true });
  const line = known.data?.find(({ id }) => id === search.line) ?? known.data?.[0];
  const view = search.view ?? "board";
  const every = search.line === "all" && view === "table";
  const readsCompanies = useMay("companies.read");
  // Whoever looks at the deals of a company means it with a new one.
  const firm = useQuery({ ...company(search.company ?? ""), enabled: readsCompanies && search.company !== undefined });
  const chosen = useChosen<Deal>();
  const some = useSome(chosen);
  useEffect(() => {
    last.search = { ...search, new: undefined };
  }, [search]);
  const views = useQuery(savedViews("deals"));
  const saved = views.data?.find(({ id }) => id === search.saved);
  // Columns that were chosen here go before those that the view keeps.
  const [wide, setWide] = useKept<Record<string, string[]>>("upz.deals.columns", {});
  const here = wide[saved?.id ?? "all"];
  const usual = saved && saved.columns.length > 0 ? saved.columns : USUAL;
  const columns = (here ?? usual).filter(isColumn);
  const today = formats.dayKey(new Date());
  const wish: Wish = { filter: filtersOf(search, today), ...(search.q && { q: search.q }) };
  const create = () => change({ new: true });
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(writes ? [{ keys: "n", label: t("deals.create"), run: create }] : []),
  ]);
  const owners = [
    ...(me?.user ? [{ value: me.user.id, label: t("deals.mine") }] : []),
    ...[...members].filter(([id]) => id !== me?.user?.id).map(([value, label]) => ({ value, label })),
    { value: "nobody", label: t("deals.nobody") },
  ];
  const f = search.f ?? [];
  const [asking, setAsking] = useState(false);
  // Whoever arrives with conditions sees them.
  const more = asking || f.some((said) => !said.startsWith("expected_close:"));
  const past = search.at !== undefined && view === "board";
  return (
    <Page
      title={t("deals.title")}
      fixed
      tools={
        known.data && line && (known.data.length > 1 || manages) ? (
          <Menu
            trigger={
              <Button look="ghost" size="small" className="ms-1 max-w-52">
                <span className="truncate">{every ? t("deals.everyPipeline") : line.name}</span>
                <ChevronDown aria-hidden="true" />
              </Button>
            }
          >
            <MenuChoices
              label={t("deals.pipeline")}
              value={every ? "all" : line.id}
              choices={[
                ...known.data.map(({ id, name }) => ({ value: id, label: name })),
                ...(view === "table" ? [{ value: "all", label: t("deals.everyPipeline") }] : []),
              ]}
              onChoose={(id) => change({ line: id, at: undefined })}
            />
            {manages && (
              <>
                <MenuLine />
                <MenuItem icon={<Settings2 />} onClick={() => void navigate({ to: "/settings/pipelines" })}>
                  {t("deals.pipelines.manage")}
                </MenuItem>
              </>
            )}
          </Menu>
        ) : undefined
      }
    >
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <Segments<View>
          label={t("deals.viewLabel")}
          value={view}
          onChange={(next) =>
            change({
              view: next === "board" ? undefined : next,
              line: line?.id,
              at: undefined,
              believed: undefined,
              contact: undefined,
              deleted: undefined,
            })
          }
          options={VIEWS.map((value) => ({
            value,
            label: (
              <>
                {ICONS[value]}
                {/* Where there is little room, the words of the others are for those who listen. */}
                <span className={value === view ? undefined : "md:max-2xl:sr-only"}>{t(`deals.view.${value}`)}</span>
              </>
            ),
          }))}
        />
        <SearchBox
          field={box}
          label={t("deals.search")}
          className="w-52 md:min-w-28 md:shrink"
          value={search.q ?? ""}
          onChange={(q) => change({ q: q || undefined })}
        />
        <Filter
          label={t("deals.owner")}
          value={search.owner}
          choices={owners}
          onChange={(owner) => change({ owner })}
        />
        <ClosesFilter
          closes={search.closes}
          filter={f}
          onChange={({ closes, filter }) => change({ closes, f: filter.length > 0 ? filter : undefined })}
        />
        <CompanyFilter value={search.company} onChange={(next) => change({ company: next })} />
        {search.contact && <ContactFilter value={search.contact} onChange={(next) => change({ contact: next })} />}
        {view !== "table" && (
          <Button
            size="normal"
            look="ghost"
            icon={<SlidersHorizontal />}
            aria-expanded={more}
            onClick={() => setAsking(!more)}
          >
            <span className="md:max-2xl:sr-only">{t("deals.moreFilters")}</span>
          </Button>
        )}
        {view === "board" && !past && (
          <Button size="normal" icon={<History />} onClick={() => change({ at: new Date().toISOString() })}>
            <span className="md:max-xl:sr-only">{t("deals.replay.open")}</span>
          </Button>
        )}
        <span className="flex-1" />
        {view === "board" && !past && line && <Sums line={line.id} wish={wish} />}
        {writes && !past && (
          <Button look="primary" icon={<Plus />} onClick={create} className="max-md:hidden">
            {t("deals.create")}
          </Button>
        )}
      </div>
      {!past && (
        <ViewChips
          list="deals"
          search={{ ...search, saved: undefined, new: undefined }}
          shown={search.saved}
          contentOf={(said) => contentOf(said, columns)}
          searchOf={searchOf}
          altered={view === "table" && saved !== undefined && here !== undefined}
          onShow={(shown, next) => {
            if (shown !== "all") {
              const { [shown]: _, ...others } = wide;
              setWide(others);
            }
            void navigate({ to: "/deals", search: { ...next, saved: shown }, replace: true });
          }}
        />
      )}
      {view !== "table" && more && line && (
        <div className="flex min-h-12 shrink-0 items-center gap-2 overflow-x-auto px-7 pb-2 [scrollbar-width:none] max-md:px-4">
          <Suspense>
            <Filters lines={[line]} filter={f} onChange={(next) => change({ f: next.length > 0 ? next : undefined })} />
          </Suspense>
        </div>
      )}
      <div className="relative flex min-h-0 flex-1 flex-col px-7 pb-5 max-md:px-0 max-md:pb-0">
        {known.isPending || (view === "table" && views.isPending) ? (
          view === "board" ? (
            <BoardComing />
          ) : (
            <SkeletonRows rows={8} tall />
          )
        ) : known.isError && !known.data ? (
          <Failed error={known.error} onRetry={() => void known.refetch()} />
        ) : (
          line && (
            <Opened key={`${view}${past}`} open>
              {past ? (
                <Replay line={line} at={search.at ?? ""} wish={wish} onAt={(at) => change({ at })} />
              ) : view === "table" ? (
                <DealTable
                  lines={every ? known.data : [line]}
                  search={search}
                  wish={wish}
                  chosen={chosen}
                  columns={columns}
                  onColumns={(next) => setWide({ ...wide, [saved?.id ?? "all"]: next })}
                  onChange={change}
                />
              ) : view === "orbit" ? (
                <OrbitView line={line} wish={wish} />
              ) : view === "forecast" ? (
                <ForecastView
                  line={line}
                  wish={wish}
                  day={search.believed}
                  onDay={(believed) => change({ believed })}
                />
              ) : (
                <Live
                  line={line.id}
                  wish={wish}
                  onCreate={writes ? create : undefined}
                  onClear={() =>
                    change({ q: undefined, owner: undefined, closes: undefined, company: undefined, f: undefined })
                  }
                />
              )}
            </Opened>
          )
        )}
        {writes && !past && !some && (
          <Button
            look="primary"
            icon={<Plus />}
            onClick={create}
            className="absolute end-4 bottom-4 z-4 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
          >
            {t("deals.create")}
          </Button>
        )}
      </div>
      {writes && line && !firm.isLoading && (
        <Opened open={search.new === true}>
          <NewDeal
            key={firm.data?.id}
            line={line}
            open={search.new === true}
            onClose={() => change({ new: undefined })}
            company={firm.data && { id: firm.data.id, name: firm.data.name }}
            onMade={() => void navigate({ to: "/deals", search: { ...search, line: line.id, new: undefined } })}
          />
        </Opened>
      )}
    </Page>
  );
}

/** What is on the board: what it comes to, and what of that is likely. The parts are told to whoever points at them. */
function Sums({ line, wish }: { line: string; wish: Wish }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { data } = useQuery(board(line, wish));
  if (!data) return null;
  const { totals, home } = data;
  const open = toldSum(totals, home, locale);
  const likely = toldSum(
    totals.map(({ currency, weighted }) => ({ currency, amount: weighted })),
    { ...home, amount: home.weighted ?? 0 },
    locale,
  );
  if (!open || !likely) return null;
  return (
    // Three lines are higher than what stands beside them, and come later: they make the row no higher.
    <p className="num -my-2.5 shrink-0 text-end text-[12.5px] leading-[1.4] whitespace-nowrap text-ink-2 max-xl:hidden">
      <span className="block font-[560] text-ink" title={open.parts}>
        {t("deals.open", { amount: open.text })}
      </span>
      <span className="block text-muted" title={likely.parts}>
        {t("deals.weighted", { amount: likely.text })}
      </span>
      {home.missing.length > 0 && (
        <span className="block max-w-60 truncate text-warning-text" title={missingWords(home, t, locale)}>
          {missingWords(home, t, locale)}
        </span>
      )}
    </p>
  );
}

/** The board as it is now. */
function Live(props: { line: string; wish: Wish; onCreate?: () => void; onClear: () => void }) {
  const { t } = useTranslation();
  const { line, wish, onCreate, onClear } = props;
  const formats = useFormats();
  const writes = useMay("deals.write");
  const deletes = useMay("deals.delete");
  const query = useQuery(board(line, wish));
  const month = `${formats.dayKey(new Date()).slice(0, 7)}-01`;
  const { data: won = NONE_WON } = useQuery(wonSince(line, wish, month));
  const { move, asking } = useAskedMoves();
  const { remove, win } = useEnds();
  const [ending, setEnding] = useState<{ deal: Deal; how: "won" | "lost" | "abandoned" }>();
  if (query.isPending) return <BoardComing />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data && query.data.count === 0 && won.count === 0) {
    const narrowed = wish.filter.length > 0 || wish.q !== undefined;
    return (
      <Empty
        title={t(narrowed ? "deals.noneTitle" : "deals.emptyTitle")}
        actions={
          narrowed ? (
            <Button onClick={onClear}>{t("action.clearFilters")}</Button>
          ) : (
            onCreate && (
              <Button look="primary" icon={<Plus />} onClick={onCreate}>
                {t("deals.create")}
              </Button>
            )
          )
        }
      >
        {t(narrowed ? "deals.noneText" : "deals.emptyText")}
      </Empty>
    );
  }
  return (
    <>
      {query.data && (
        <Board
          board={query.data}
          name={JSON.stringify(wish)}
          won={won}
          writes={writes}
          deletes={deletes}
          onMove={move}
          onEnd={(deal, how) => (how === "won" ? win(deal) : setEnding({ deal, how }))}
          onDelete={(deal) => remove.mutate(deal)}
        />
      )}
      {asking}
      <Opened open={ending !== undefined}>
        <CloseDialog ending={ending} onClose={() => setEnding(undefined)} />
      </Opened>
    </>
  );
}
