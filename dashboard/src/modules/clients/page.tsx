import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { lazy, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useShortcuts } from "@/app/keys";
import { may, useMe, useRoom } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Opened } from "@/ui/opened";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { PlainLink } from "@/ui/link";
import { useMedia } from "@/ui/media";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type Client, useClients } from "./data";
import { Enter } from "@/modules/visit/enter";
import { daysLeft } from "@/ui/days-left";
import { Chip } from "@/ui/chip";
import { Health } from "./health";
import { Nearest } from "./nearest";
import { Offers } from "./offers";
import {
  type ClientSearch,
  COLUMNS,
  type Column,
  ending,
  found,
  IS,
  pressed,
  readSearch,
  said,
  type Sort,
  type Which,
} from "./search";
import { WeekStrip } from "./strip";

const NewClient = lazy(async () => ({ default: (await import("./new-client")).NewClient }));

export function ClientsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "tenants.clients.read"))
    return <Forbidden title={t("clients.title")} needs="tenants.clients.read" />;
  return <Clients />;
}

function Clients() {
  const { t } = useTranslation();
  const asked = useSearch({ from: "/shell/clients" });
  const search = useMemo(() => readSearch({ ...asked }), [asked]);
  const navigate = useNavigate();
  const phone = useMedia("(max-width: 767px)");
  const writes = useRoom("tenants.clients.write");
  const query = useClients();
  const { items } = query;
  const shown = useMemo(() => found(items, search), [items, search]);
  const change = (next: ClientSearch) =>
    void navigate({ to: "/clients", search: { ...search, ...next }, replace: true });
  const open = (on: boolean) => change({ new: on || undefined });
  useShortcuts(writes ? [{ keys: "n", label: t("clients.add"), run: () => open(true) }] : []);
  const add = writes && (
    <Button look="primary" icon={<Plus />} onClick={() => open(true)}>
      {t("clients.add")}
    </Button>
  );
  const count = (what: keyof typeof IS) => items.filter(IS[what]).length;
  return (
    <Page title={t("clients.title")}>
      <Figures clients={query.isPending ? undefined : items} />
      <div className="flex flex-wrap items-center gap-2 px-7 pt-3.5 pb-3 max-md:px-4">
        <Segments<Which>
          label={t("clients.title")}
          value={search.which ?? "all"}
          onChange={(which) => change({ which: which === "all" ? undefined : which })}
          options={[
            { value: "all", label: t("clients.all"), count: items.length },
            { value: "attention", label: t("clients.attention"), count: count("attention"), tone: "warning" },
            { value: "trials", label: t("clients.trials"), count: count("trials") },
            { value: "stopped", label: t("clients.stopped"), count: count("stopped") },
          ]}
        />
        <SearchBox label={t("clients.search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
        {phone && (
          <Filter
            label={t("clients.sort")}
            value={search.sort}
            choices={COLUMNS.filter((column) => column !== "name").map((value) => ({
              value,
              label: t(`clients.${LABEL[value]}`),
            }))}
            onChange={(sort) => change({ sort: sort as Sort | undefined })}
          />
        )}
        <span className="flex-1 max-md:hidden" />
        <ExportButton
          name="clients"
          load={() => ok(api.GET("/v1/clients/export", { parseAs: "blob" }))}
          className="max-md:hidden"
        />
        <span className="max-md:hidden">{add}</span>
      </div>
      <Offers />
      <div className="px-7 pb-8 max-md:px-4">
        {query.isPending ? (
          <Panel bare>
            <SkeletonRows rows={6} tall />
          </Panel>
        ) : query.isError && items.length === 0 ? (
          <Panel bare>
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          </Panel>
        ) : shown.length === 0 ? (
          <Panel bare>
            {items.length === 0 ? (
              <Empty title={t("client.none")} actions={add}>
                {t("client.noneText")}
              </Empty>
            ) : (
              <Empty
                title={t("clients.noneTitle")}
                actions={
                  <Button onClick={() => change({ q: undefined, which: undefined })}>{t("action.clearFilters")}</Button>
                }
              />
            )}
          </Panel>
        ) : phone ? (
          <Cards clients={shown} />
        ) : (
          <Table clients={shown} sort={search.sort} onSort={(sort) => change({ sort })} />
        )}
      </div>
      {writes && (
        <Button
          look="primary"
          icon={<Plus />}
          onClick={() => open(true)}
          className="fixed end-4 bottom-[calc(84px+env(safe-area-inset-bottom))] z-30 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
        >
          {t("clients.add")}
        </Button>
      )}
      {writes && (
        <Opened open={search.new === true}>
          <NewClient open={search.new === true} onClose={() => open(false)} />
        </Opened>
      )}
    </Page>
  );
}

/** What all of them did in seven days, in one line; its place is kept while nobody knows. */
function Figures({ clients }: { clients: readonly Client[] | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const sum = (of: (client: Client) => number) => clients?.reduce((all, client) => all + of(client), 0);
  const attention = sum((client) => (IS.attention(client) ? 1 : 0));
  const figures = [
    { label: t("clients.newContacts"), figure: sum(({ week }) => week.week.contacts) },
    { label: t("clients.answers"), figure: sum(({ week }) => week.week.answers) },
    { label: t("clients.attention"), figure: attention, look: attention ? "text-warning-text" : "" },
    { label: t("clients.trialsEnding"), figure: sum((client) => (ending(client) ? 1 : 0)), look: "max-md:hidden" },
  ];
  return (
    <dl className="flex gap-x-7 px-7 pt-3.5 max-md:justify-between max-md:gap-x-4 max-md:px-4">
      {figures.map(({ label, figure, look = "" }) => (
        <div key={label} className={`min-w-0 ${look.includes("hidden") ? look : ""}`}>
          <dt className="truncate text-sm text-muted">{label}</dt>
          <dd
            className={`num wider mt-0.5 min-h-[26px] text-[20px] leading-[26px] font-[560] tracking-[-.02em] ${look}`}
          >
            {figure !== undefined && formats.count(figure)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const HEAD = "narrow h-9 border-line border-b px-3 text-cap font-[540] whitespace-nowrap text-muted";
const CELL = "h-[57px] border-line border-b px-3 group-last:border-0";

/** What the columns that sort are called. */
const LABEL = {
  name: "client",
  health: "health",
  contacts: "newContacts",
  limit: "nearestLimit",
  shown: "shown",
  last: "lastActivity",
} as const satisfies Record<Column, string>;

interface Sorting {
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
}

function Head({ column, sort, onSort, look }: Sorting & { column: Column; look: string }) {
  const { t } = useTranslation();
  const way = said(column, sort);
  const label = t(`clients.${LABEL[column]}`);
  return (
    <th scope="col" aria-sort={way} className={`${HEAD} ${look}`}>
      <button
        type="button"
        title={t("clients.sortBy", { column: label })}
        onClick={() => onSort(pressed(column, sort))}
        className="-mx-1.5 inline-flex h-7 items-center gap-1 rounded-chip px-1.5 hover:bg-hover hover:text-ink coarse:h-11"
      >
        {label}
        {way === "ascending" && <ArrowUp aria-hidden="true" className="size-3.5 text-accent-text" />}
        {way === "descending" && <ArrowDown aria-hidden="true" className="size-3.5 text-accent-text" />}
      </button>
    </th>
  );
}

function Table({ clients, ...sorting }: Sorting & { clients: readonly Client[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div className="overflow-x-auto rounded-panel border border-line bg-surface shadow-1">
      <table className="w-full text-[13.5px]">
        <thead>
          <tr>
            <Head column="name" look="ps-[18px]! text-start" {...sorting} />
            <th scope="col" className={`${HEAD} text-start`}>
              {t("clients.plan")}
            </th>
            <Head column="health" look="text-start" {...sorting} />
            <th scope="col" className={`${HEAD} w-[148px] min-w-[140px] text-start max-xl:hidden`}>
              {t("clients.activity")}
            </th>
            <Head column="contacts" look="text-end" {...sorting} />
            <th scope="col" className={`${HEAD} text-start max-2xl:hidden`}>
              {t("clients.widgets")}
            </th>
            <Head column="limit" look="text-start" {...sorting} />
            <Head column="shown" look="text-end max-2xl:hidden" {...sorting} />
            <Head column="last" look="text-start max-xl:hidden" {...sorting} />
            <th scope="col" className={`${HEAD} pe-[18px]!`}>
              <span className="sr-only">{t("visit.enter")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {clients.map((client) => {
            const { activity } = client;
            return (
              <tr key={client.id} className="group hover:bg-hover">
                <th scope="row" className={`${CELL} max-w-[260px] ps-[18px]! 2xl:max-w-[320px] text-start font-normal`}>
                  <Who client={client} />
                </th>
                <td className={`${CELL} whitespace-nowrap text-ink-2`}>
                  <Plan client={client} />
                </td>
                <td className={CELL} title={client.stop_reason ?? undefined}>
                  <Health client={client} />
                </td>
                <td className={`${CELL} max-xl:hidden`}>
                  <WeekStrip client={client} />
                </td>
                <td className={`${CELL} num text-end font-semibold`}>
                  {formats.count(client.week.week.contacts)}
                  <Than now={client.week.week.contacts} before={client.week.before.contacts} />
                </td>
                <td className={`${CELL} whitespace-nowrap max-2xl:hidden`}>
                  {activity.widgets > 0 ? (
                    t("clients.widgetsOf", {
                      on: formats.count(activity.widgets_on),
                      all: formats.count(activity.widgets),
                    })
                  ) : (
                    <span className="text-muted">–</span>
                  )}
                </td>
                <td className={CELL}>
                  <Nearest client={client} />
                </td>
                <td className={`${CELL} num text-end font-semibold max-2xl:hidden`}>
                  {formats.count(activity.seen_week)}
                  {activity.refused_week > 0 && (
                    <small className="block text-[12.5px] leading-[1.3] font-[420] whitespace-nowrap text-warning-text">
                      {t("clients.refusedOf", { count: activity.refused_week })}
                    </small>
                  )}
                </td>
                <td className={`${CELL} whitespace-nowrap text-muted max-xl:hidden`}>
                  {client.week.last_at ? (
                    <time dateTime={client.week.last_at} title={formats.full(client.week.last_at)}>
                      {formats.ago(client.week.last_at)}
                    </time>
                  ) : (
                    t("clients.never")
                  )}
                </td>
                <td className={`${CELL} pe-[18px]! text-end`}>
                  <Enter client={client} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The plan that counts for it, or how long it may still try that. */
function Plan({ client }: { client: Client }) {
  const { t } = useTranslation();
  const name = client.plan ?? t("clients.noPlan");
  const own = client.plan_id ? t("clients.planOwn") : t("clients.planAgency");
  return (
    <span className="flex items-center gap-2" title={own}>
      {IS.trials(client) && client.trial_ends_at ? (
        <>
          <Chip tone="accent">{t("clients.trialDaysLeft", { count: daysLeft(client.trial_ends_at) })}</Chip>
          <span className="sr-only">{name}</span>
        </>
      ) : (
        <span className="max-w-[120px] truncate">{name}</span>
      )}
    </span>
  );
}

/** How many more or less than in the seven days before. */
function Than({ now, before }: { now: number; before: number }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const change = now - before;
  return (
    <span
      title={t("clients.than")}
      className={`ms-1.5 inline-block min-w-6 text-start font-[420] ${change > 0 ? "text-success-text" : "text-muted"}`}
    >
      {change !== 0 && new Intl.NumberFormat(locale, { signDisplay: "exceptZero" }).format(change)}
    </span>
  );
}

export function Who({ client, sub }: { client: Client; sub?: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={client.name} id={client.id} square size="lg" />
      <span className="min-w-0">
        <PlainLink
          to="/clients/$id"
          params={{ id: client.id }}
          className="reach block text-[14px] leading-[1.3] font-[590] hover:underline"
        >
          <Own title={client.name}>{client.name}</Own>
        </PlainLink>
        <small className="block truncate text-[12.5px] leading-[1.3] text-muted">
          {client.deletion_due_at ? (
            <span className="text-danger-text">
              {t("clients.deletionDue", { date: formats.day(client.deletion_due_at) })}
            </span>
          ) : (
            (sub ?? client.slug)
          )}
        </small>
      </span>
    </span>
  );
}

function Cards({ clients }: { clients: readonly Client[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <ul className="flex flex-col gap-2.5 pb-20">
      {clients.map((client) => (
        <li key={client.id} className="rounded-[14px] border border-line bg-surface px-4 py-3.5 shadow-1">
          <div className="flex items-center justify-between gap-3">
            <Who
              client={client}
              sub={[client.plan ?? t("clients.noPlan"), client.week.last_at && formats.ago(client.week.last_at)]
                .filter(Boolean)
                .join(", ")}
            />
            <Health client={client} />
          </div>
          <div className="mt-3 flex items-center gap-3">
            <span className="min-w-0 flex-1">
              <WeekStrip client={client} />
            </span>
            <span className="num shrink-0 text-sm text-muted">
              <b className="font-semibold text-ink">{formats.count(client.week.week.contacts)}</b>{" "}
              {t("clients.newWord", { count: client.week.week.contacts })}
            </span>
            <Enter client={client} />
          </div>
          {client.activity.refused_week > 0 && (
            <p className="num mt-1.5 text-[12.5px] text-warning-text">
              {t("clients.refusedOf", { count: client.activity.refused_week })}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
