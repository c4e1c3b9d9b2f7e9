import { useQuery } from "@tanstack/react-query";
import { defaultStringifySearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Figure, Strip } from "@/modules/home/figure";
import { useMinute } from "@/sky/base/useMinute";
import { PlainLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { dueIn, rowsOf } from "../address";
import { completion, useMembers } from "../data";
import { plus } from "../when";

const SPANS = ["7", "30", "90"] as const;
const KINDS = ["in_time", "late", "skipped", "overdue"] as const;
const ALL = [...KINDS, "withdrawn"] as const;
type Data = Schema["TaskCompletion"];

/** What became of what was due: together, and of each member. */
export function Figures() {
  const { t } = useTranslation();
  const formats = useFormats();
  const minute = useMinute();
  const [days, setDays] = useState("30");
  const from = plus(formats.dayKey(new Date(minute)), 1 - Number(days));
  const query = useQuery(completion(from));
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto pb-4 [scrollbar-width:thin] max-md:px-4 max-md:pb-24">
      <div>
        <Segments
          label={t("tasks.figures.label")}
          value={days}
          onChange={setDays}
          options={SPANS.map((value) => ({ value, label: t("tasks.figures.days", { count: Number(value) }) }))}
        />
      </div>
      {query.isPending ? (
        <SkeletonRows rows={6} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        query.data && <Shown data={query.data} />
      )}
    </div>
  );
}

/** Nothing was due: there is no rate. */
const none = (rate: number | null | undefined): rate is null | undefined => rate === undefined || rate === null;

const percent = (locale: string, rate: number | null | undefined): string =>
  none(rate)
    ? "–"
    : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(rate / 10_000);

function Shown({ data }: { data: Data }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  if (data.members.length === 0) return <Empty title={t("tasks.figures.none")}>{t("tasks.figures.noneText")}</Empty>;
  const { total, before } = data;
  return (
    <>
      <Strip label={t("tasks.figures.rate")}>
        <Figure
          sun
          label={t("tasks.figures.rate")}
          value={percent(formats.locale, total.rate)}
          to={undefined}
          change={
            none(before.rate)
              ? t("tasks.figures.noBefore")
              : t("tasks.figures.before", { value: percent(formats.locale, before.rate) })
          }
        />
        {KINDS.map((kind) => (
          <Figure
            key={kind}
            label={t(`tasks.figures.${kind}`)}
            value={formats.count(total[kind])}
            to={`/tasks${defaultStringifySearch({ ...rowsOf(data, kind) })}`}
            change={t("tasks.figures.before", { value: formats.count(before[kind]) })}
          />
        ))}
      </Strip>
      <Panel bare label={t("tasks.figures.by")}>
        <div className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr className="border-line border-b text-[12.5px] text-muted">
                <th scope="col" className="px-[18px] py-2.5 text-start font-[520]">
                  {t("tasks.figures.who")}
                </th>
                <th scope="col" className="px-3 py-2.5 text-end font-[520]">
                  {t("tasks.figures.rate")}
                </th>
                {ALL.map((kind) => (
                  <th key={kind} scope="col" className="px-3 py-2.5 text-end font-[520] last:pe-[18px]">
                    {t(`tasks.figures.${kind}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {data.members.map(({ member, figures, before }) => (
                <tr key={member ?? ""}>
                  <th scope="row" className="max-w-60 truncate px-[18px] py-2.5 text-start font-[560]">
                    {member ? (
                      <PlainLink
                        to="/tasks"
                        search={dueIn(data, member)}
                        className="reach inline-block py-1 hover:underline"
                      >
                        <bdi>{members.get(member) ?? member}</bdi>
                      </PlainLink>
                    ) : (
                      t("tasks.figures.nobody")
                    )}
                  </th>
                  <td className="num px-3 py-2.5 text-end">
                    <b className="font-[590]">{percent(formats.locale, figures.rate)}</b>
                    {!none(before.rate) && (
                      <span className="ms-1 whitespace-nowrap text-cap text-muted">
                        {t("tasks.figures.before", { value: percent(formats.locale, before.rate) })}
                      </span>
                    )}
                  </td>
                  {ALL.map((kind) => (
                    <td
                      key={kind}
                      className={`num px-3 py-2.5 text-end last:pe-[18px] ${kind === "overdue" && figures.overdue > 0 ? "text-danger-text" : ""}`}
                    >
                      {figures[kind] === 0 ? (
                        formats.count(0)
                      ) : (
                        <PlainLink
                          to="/tasks"
                          search={rowsOf(data, kind, member ?? null)}
                          aria-label={t("tasks.figures.rows", {
                            what: t(`tasks.figures.${kind}`),
                            who: member ? (members.get(member) ?? member) : t("tasks.figures.nobody"),
                            number: formats.count(figures[kind]),
                          })}
                          className="reach inline-block min-w-6 py-1 hover:underline"
                        >
                          {formats.count(figures[kind])}
                        </PlainLink>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}
