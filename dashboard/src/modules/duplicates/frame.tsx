/** What the pages of duplicates have in common, of contacts and of companies alike. */
import type { UseInfiniteQueryResult, InfiniteData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { PageOf } from "@/api/pages";
import { may, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { VIEWS, type View } from "./address";
import { type Ids, useArrived } from "./arrived";
import type { useUndo } from "./data";
import { type Kind, Past } from "./lists";
import { Crumbs, EditsKept } from "./parts";

export function Frame(props: { kind: Kind; view: View; tools: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { kind, view } = props;
  const needs = `${kind}.read`;
  if (me && !may(me, needs)) return <Forbidden title={t("duplicates.title")} needs={needs} />;
  return (
    <Page title={t("duplicates.title")} back={`/${kind}`} crumbs={<Crumbs kind={kind} />}>
      <div className="mx-auto flex max-w-[960px] flex-col gap-4 px-7 pt-4 pb-10 max-md:px-4">
        <div className="flex flex-wrap items-center gap-2">
          <Segments
            label={t("duplicates.views")}
            value={view}
            onChange={(next) => {
              const search = { view: next === "open" ? undefined : next };
              void navigate({ to: `/${kind}/duplicates`, search, replace: true });
            }}
            options={VIEWS.map((value) => ({ value, label: t(`duplicates.${value}`) }))}
          />
          {props.tools}
        </div>
        {props.children}
      </div>
    </Page>
  );
}

/** Pairs or groups of one state. */
export function Candidates<T>(props: {
  state: "open" | "dismissed";
  query: UseInfiniteQueryResult<InfiniteData<PageOf<T>>>;
  emptyText: string;
  /** What a row is known by. */
  ids: Ids<T>;
  row: (item: T) => ReactNode;
}) {
  const { t } = useTranslation();
  const { state } = props;
  const empty =
    state === "open" ? (
      <Empty title={t("duplicates.empty")}>{props.emptyText}</Empty>
    ) : (
      <Empty title={t("duplicates.emptyDismissed")} />
    );
  return (
    <Panel label={t(`duplicates.${state}`)} bare flush>
      <Listed query={props.query} empty={empty}>
        {(items) => <Rows items={items} ids={props.ids} row={props.row} />}
      </Listed>
    </Panel>
  );
}

function Rows<T>({ items, ids, row }: { items: readonly T[]; ids: Ids<T>; row: (item: T) => ReactNode }) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const { shown, fresh, take } = useArrived(items, ids);
  const show = () => {
    take();
    list.current?.scrollIntoView({ block: "nearest" });
    list.current?.focus({ preventScroll: true });
  };
  return (
    <>
      {/* It lies over the edge of the panel and takes no room. */}
      <div role="status" className="sticky top-6 z-2 flex h-0 justify-center print:hidden">
        {fresh.length > 0 && (
          <Button size="small" look="primary" writes={false} onClick={show} className="-translate-y-1/2 shadow-2">
            {t("duplicates.arrived", { count: fresh.length })}
          </Button>
        )}
      </div>
      <ul ref={list} tabIndex={-1} className="divide-y divide-line outline-none">
        {shown.map(row)}
      </ul>
    </>
  );
}

type Merge = Parameters<typeof Past>[0]["merge"];

/** Every merge, with the way back. */
export function Merges<M extends Merge>(props: {
  kind: Kind;
  query: UseInfiniteQueryResult<InfiniteData<PageOf<M>>>;
  writes: boolean;
  undo: ReturnType<typeof useUndo>;
}) {
  const { t } = useTranslation();
  const { undo } = props;
  return (
    <Panel label={t("duplicates.history")} bare flush>
      <Listed
        query={props.query}
        empty={<Empty title={t("duplicates.emptyHistory")}>{t("duplicates.emptyHistoryText")}</Empty>}
      >
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((merge) => (
              <Past key={merge.id} kind={props.kind} merge={merge} writes={props.writes} undo={undo} />
            ))}
          </ul>
        )}
      </Listed>
      <EditsKept undo={undo} />
    </Panel>
  );
}
