import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { SheetButton } from "@/modules/sheets/export";
import { useMembers } from "@/modules/tasks/data";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Link, PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { money } from "@/ui/money";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { type List, type RowsSearch, readRows } from "./address";
import { type Row, rows } from "./data";

const route = getRouteApi("/shell/reports/rows");

/** Exactly the rows behind a number of a report. */
export function ReportRowsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const search = readRows(route.useSearch() as Record<string, unknown>);
  const list = search.list ?? "deals";
  const needs = `${list}.read`;
  if (me && !may(me, needs)) return <Forbidden title={t("reports.rows")} needs={needs} />;
  return <Behind search={{ ...search, list }} />;
}

function Behind({ search }: { search: RowsSearch & { list: List } }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(rows(search));
  const members = useMembers();
  const { what, line } = search;
  const title = what ? (line ? t("reports.rowsOf", { what, line }) : what) : t("reports.rows");
  return (
    <Page
      title={title}
      back="/reports"
      tools={search.list === "activities" && <Export filter={search.f ?? []} />}
      crumbs={
        <>
          <Link to="/reports" className="font-[420] text-muted!">
            {t("reports.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="truncate font-semibold text-ink">{title}</b>
        </>
      }
    >
      <div className="px-7 pt-4 pb-8 max-md:px-4 max-md:pb-24">
        <Panel bare label={title}>
          <Listed query={query} rows={8} empty={<Empty title={t("reports.empty")}>{t("reports.emptyText")}</Empty>}>
            {(items) => (
              <ul className="divide-y divide-line">
                {items.map((row) => (
                  <Item key={row.id} row={row} owner={row.owner ? members.get(row.owner) : undefined} />
                ))}
              </ul>
            )}
          </Listed>
        </Panel>
      </div>
    </Page>
  );
}

/** Other lists have a page of their own with this button. */
function Export({ filter }: { filter: string[] }) {
  const allowed = useMay("activities.export");
  if (!allowed) return null;
  return (
    <SheetButton
      name="activities"
      load={(look) => api.GET("/v1/activities/export", { params: { query: { filter, ...look } }, parseAs: "blob" })}
    />
  );
}

function Item({ row, owner }: { row: Row; owner: string | undefined }) {
  const formats = useFormats();
  return (
    <li>
      <PlainLink
        to={row.to}
        {...(row.of && { params: { id: row.of } })}
        className="flex min-h-[57px] items-center gap-3 px-[18px] py-2 hover:bg-sunken max-md:px-4"
      >
        <span className="min-w-0 flex-1">
          <bdi className="block truncate text-sm font-[560]">{row.title}</bdi>
          {owner && <bdi className="block truncate text-[12.5px] text-muted">{owner}</bdi>}
        </span>
        {row.amount && (
          <span className="num text-sm font-[560]">{money(row.amount.value, row.amount.currency, formats.locale)}</span>
        )}
        {row.at && (
          <time
            dateTime={row.at}
            title={formats.full(row.at)}
            className="num w-28 shrink-0 text-end text-sm text-muted"
          >
            {formats.when(row.at)}
          </time>
        )}
      </PlainLink>
    </li>
  );
}
