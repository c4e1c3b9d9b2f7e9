import "./arrival.css";
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { useMedia } from "@/ui/media";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { useRowsIn } from "@/ui/rows";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import type { Definition } from "../builder/model";
import { submissionCounts } from "../builder/frame";
import { form as oneForm, forms } from "../data";
import { submissions, type SubmissionState, type Summary } from "./data";
import { Detail } from "./detail";
import { SubmissionChip } from "./parts";
import type { Search } from "./search";
import { tell } from "./summary";

/** The list beside what is open in it; on narrow windows the one leads to the other. */
export function Submissions(props: { form?: string; search: Search; change: (next: Partial<Search>) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { form, search, change } = props;
  // A page of paper is narrow, and holds what is open all the same.
  const wide = useMedia("(min-width: 1180px), print");
  const { open, ...wanted } = search;
  const query = useInfiniteQuery({ ...submissions({ form, ...wanted }), placeholderData: (before) => before });
  const counts = useQuery(submissionCounts(form));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const fresh = useArrivals(rows, `${form}/${wanted.state}/${wanted.from}/${wanted.to}`);
  const show = (id: string) =>
    wide ? change({ open: id }) : void navigate({ to: "/submissions/$id", params: { id } });
  const at = rows.findIndex(({ id }) => id === open);
  const step = (by: 1 | -1) => {
    const next = rows[at < 0 ? 0 : at + by];
    if (next && wide) change({ open: next.id });
  };
  useShortcuts([
    { keys: "j", label: t("keys.next"), run: () => step(1) },
    { keys: "k", label: t("keys.previous"), run: () => step(-1) },
    ...(open ? [{ keys: "Escape", label: t("action.close"), run: () => change({ open: undefined }) }] : []),
  ]);
  const total = counts.data;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none] print:hidden">
        <Segments
          label={t("forms.stateTitle")}
          value={search.state ?? "all"}
          onChange={(state) => change({ state: state === "all" ? undefined : state, open: undefined })}
          options={[
            { value: "all", label: t("forms.viewAll") },
            { value: "received", label: t("forms.answerState.received"), count: total?.received },
            {
              value: "quarantined",
              label: t("forms.answerState.quarantined"),
              count: total?.quarantined,
              tone: "warning",
            },
            { value: "spam", label: t("forms.answerState.spam"), count: total?.spam },
          ]}
        />
        {(search.from || search.to) && <Period search={search} change={change} />}
      </div>
      <div className="flex min-h-0 flex-1 gap-4 px-7 pb-5 max-md:px-0 max-md:pb-0">
        <Panel label={t("forms.answers")} bare fill className={`min-w-0 flex-1 ${open ? "print:hidden" : ""}`}>
          {query.isError && !query.data ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : !query.data ? (
            <SkeletonRows rows={8} tall />
          ) : rows.length === 0 ? (
            <Nothing state={search.state} period={Boolean(search.from)} change={change} />
          ) : (
            <Rows
              rows={rows}
              fresh={fresh}
              form={form}
              open={wide ? open : undefined}
              onOpen={show}
              at={at}
              more={query.hasNextPage}
            >
              {query.hasNextPage && (
                <p className="p-3 text-center">
                  <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t("action.more")}
                  </Button>
                </p>
              )}
            </Rows>
          )}
        </Panel>
        {wide && open && (
          <Panel label={t("forms.oneAnswer")} bare fill className="w-[460px]! flex-none! print:w-full!">
            <Detail
              key={open}
              id={open}
              onClose={() => change({ open: undefined })}
              onGone={() => change({ open: undefined })}
            />
          </Panel>
        )}
      </div>
    </div>
  );
}

function Period({ search, change }: { search: Search; change: (next: Partial<Search>) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const day = new Intl.DateTimeFormat(formats.locale, { day: "numeric", month: "short", timeZone: formats.zone });
  const last = search.to ? new Date(Date.parse(search.to) - 1) : new Date();
  const text = search.from ? day.formatRange(new Date(search.from), last) : day.format(last);
  return (
    <button
      type="button"
      onClick={() => change({ from: undefined, to: undefined })}
      className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-[8px] border border-accent-line bg-selected px-2.5 text-sm max-md:h-11"
    >
      {text}
      <X aria-hidden="true" className="size-3.5 text-muted" />
      <span className="sr-only">{t("action.clear")}</span>
    </button>
  );
}

function Nothing(props: { state?: SubmissionState; period: boolean; change: (next: Partial<Search>) => void }) {
  const { t } = useTranslation();
  if (props.state || props.period)
    return (
      <Empty
        title={t("forms.noAnswersHere")}
        actions={
          <Button onClick={() => props.change({ state: undefined, from: undefined, to: undefined })}>
            {t("action.clearFilters")}
          </Button>
        }
      >
        {props.state ? t(`forms.noneIn.${props.state}`) : t("forms.noneInPeriod")}
      </Empty>
    );
  return <Empty title={t("forms.noAnswers")}>{t("forms.noAnswersText")}</Empty>;
}

/** Who came while one was looking: each is marked once. */
function useArrivals(rows: readonly Summary[], list: string): ReadonlySet<string> {
  const seen = useRef<{ list: string; ids: Set<string> }>(undefined);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (rows.length === 0 && !seen.current) return;
    if (seen.current?.list !== list) {
      seen.current = { list, ids: new Set(rows.map(({ id }) => id)) };
      return;
    }
    const { ids } = seen.current;
    const recent = Date.now() - 10 * 60_000;
    const came = rows.filter(({ id, created_at }) => !ids.has(id) && Date.parse(created_at) > recent);
    for (const { id } of rows) ids.add(id);
    if (came.length > 0) setFresh((old) => new Set([...old, ...came.map(({ id }) => id)]));
  }, [rows, list]);
  return fresh;
}

function Rows(props: {
  rows: readonly Summary[];
  fresh: ReadonlySet<string>;
  form?: string;
  open?: string;
  onOpen: (id: string) => void;
  at: number;
  more: boolean;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const frame = useRef<HTMLDivElement>(null);
  const { rows, at, more } = props;
  const long = useRowsIn(frame, { count: rows.length, height: 58, kind: "list", more, at });
  const names = useFormNames(!props.form);
  const questions = useQuestions(props.form ? [props.form] : rows.map(({ form }) => form));
  return (
    <div ref={frame} className="min-h-0 flex-1 overflow-y-auto overscroll-contain print:overflow-visible">
      <p role="status" className="sr-only">
        {props.fresh.size > 0 && t("forms.arrived", { count: props.fresh.size })}
      </p>
      <ul aria-label={t("forms.answers")} {...long.holding}>
        {long.rows((index, place) => {
          const row = rows[index];
          if (!row) return null;
          const told = tell(row.answers as Record<string, unknown>, questions.get(row.form));
          const who = told.who || t("forms.somebody");
          return (
            <li
              key={row.id}
              {...place}
              className={clsx("border-line border-b last:border-0", props.fresh.has(row.id) && "arrived")}
            >
              <button
                type="button"
                aria-current={row.id === props.open || undefined}
                onClick={() => props.onOpen(row.id)}
                className="flex min-h-[57px] w-full items-center gap-3 px-[18px] py-2 text-start hover:bg-hover aria-[current]:bg-selected max-md:px-4 compact:min-h-11"
              >
                <Avatar name={who} id={row.contact ?? row.id} size="lg" />
                <span className="min-w-0 flex-1">
                  <span className="flex min-w-0 items-center gap-2 text-[13.5px] font-semibold">
                    <Own title={who}>{who}</Own>
                    {props.fresh.has(row.id) && (
                      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-sun" />
                    )}
                  </span>
                  <span className="block truncate text-[12.5px] text-muted">
                    {!props.form && names.get(row.form) && (
                      <>
                        <b className="font-[560] text-ink-2">
                          <bdi>{names.get(row.form)}</bdi>
                        </b>
                        {told.what && " · "}
                      </>
                    )}
                    <bdi>{told.what}</bdi>
                  </span>
                </span>
                {row.state !== "received" && <SubmissionChip state={row.state} />}
                <time
                  dateTime={row.created_at}
                  title={formats.full(row.created_at)}
                  className="num w-20 shrink-0 text-end text-[12.5px] text-muted"
                >
                  {formats.when(row.created_at)}
                </time>
              </button>
            </li>
          );
        })}
      </ul>
      {props.children}
    </div>
  );
}

/** Names of the newest hundred forms; of others the answers say enough. */
function useFormNames(wanted: boolean): Map<string, string> {
  const { data } = useInfiniteQuery({ ...forms({}), enabled: wanted });
  return new Map(data?.pages.flatMap((page) => page.items).map(({ id, name }) => [id, name]));
}

/** At most so many forms are asked for their questions; of others the answers say enough. */
const ASKED = 8;

/** What the forms asked, by their ids: choices are told by their names. */
function useQuestions(of: readonly string[]): Map<string, Definition> {
  const ids = [...new Set(of)].slice(0, ASKED);
  const known = useQueries({ queries: ids.map((id) => oneForm(id)) });
  return new Map(known.flatMap(({ data }) => (data ? [[data.id, data.draft as unknown as Definition] as const] : [])));
}
