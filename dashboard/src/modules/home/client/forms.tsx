import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Go, useHas } from "@/ui/go";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { formFigures } from "../data";

const HEAD = "narrow pb-1.5 text-cap font-[540] text-muted";
const CELL = "num h-[44px] border-line border-t text-end";

/** How forms did this week: shown, begun, sent. */
export function Forms() {
  const { t } = useTranslation();
  const { count, locale } = useFormats();
  const has = useHas();
  const query = useQuery(formFigures);
  const rows = (query.data?.forms ?? []).filter((form) => form.state === "published" || form.week.answers > 0);
  const percent = (part: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(part);
  const more = has("/forms") && (
    <Go to="/forms" className="text-[12.5px] font-[540] text-accent-text hover:underline">
      {t("home.openForms")}
    </Go>
  );
  return (
    <Panel title={t("home.forms")} note={t("home.sevenDays")} more={more} flush>
      {query.isPending ? (
        <SkeletonRows rows={3} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title={t("home.formsNone")}>{t("home.formsNoneText")}</Empty>
      ) : (
        <table className="mb-2 w-full table-fixed text-[13.5px]">
          <thead>
            <tr>
              <th scope="col" className={`${HEAD} ps-[18px] text-start max-md:ps-4`}>
                {t("home.form")}
              </th>
              <th scope="col" className={`${HEAD} w-[72px] text-end max-sm:hidden`}>
                {t("home.views")}
              </th>
              <th scope="col" className={`${HEAD} w-[72px] text-end`}>
                {t("home.begun")}
              </th>
              <th scope="col" className={`${HEAD} w-[76px] text-end`}>
                {t("home.sent")}
              </th>
              <th scope="col" className={`${HEAD} w-[76px] pe-[18px] text-end max-md:pe-4`}>
                {t("home.rate")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, 6).map(({ form, name, week }) => (
              <tr key={form} className="group hover:bg-hover">
                <th scope="row" className="border-line border-t ps-[18px] text-start font-[570] max-md:ps-4">
                  {has("/forms/$id/analytics") ? (
                    <Go to={`/forms/${form}/analytics?days=7`} className="block py-2 hover:underline coarse:py-3">
                      <Own>{name}</Own>
                    </Go>
                  ) : (
                    <Own>{name}</Own>
                  )}
                </th>
                <td className={`${CELL} text-ink-2 max-sm:hidden`}>{count(week.views)}</td>
                <td className={`${CELL} text-ink-2`}>{count(week.starts)}</td>
                <td className={`${CELL} font-semibold`}>
                  {has("/forms/$id/submissions") ? (
                    <Go
                      to={`/forms/${form}/submissions?from=${query.data?.days[7]?.day ?? ""}`}
                      className="reach hover:underline"
                    >
                      {count(week.answers)}
                    </Go>
                  ) : (
                    count(week.answers)
                  )}
                </td>
                <td className={`${CELL} pe-[18px] text-ink-2 max-md:pe-4`}>
                  {week.starts > 0 ? percent(Math.min(1, week.answers / week.starts)) : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
