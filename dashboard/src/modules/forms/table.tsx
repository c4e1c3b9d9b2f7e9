import { Link } from "@tanstack/react-router";
import { ShieldQuestion } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Chip, type Tone } from "@/ui/chip";
import { PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import type { FormSummary } from "./data";
import { RowMenu } from "./row-menu";
import { type FormState, stateOf } from "./state";

const TONE: Record<FormState, Tone> = { draft: "neutral", published: "success", unpublished: "warning" };

export function StateChip({ state }: { state: string }) {
  const { t } = useTranslation();
  const known = stateOf(state);
  return <Chip tone={TONE[known]}>{t(`forms.state.${known}`)}</Chip>;
}

/** Forms with how they did in the last thirty days. Each figure leads to what it counts. On phones a row is a card. */
export function FormTable({ rows }: { rows: readonly FormSummary[] }) {
  const { t } = useTranslation();
  const head = "narrow h-9 px-3 text-start text-cap font-[540] text-muted";
  return (
    <table className="w-full border-collapse text-[13.5px] max-md:block">
      <thead className="max-md:sr-only">
        <tr className="border-line border-b">
          <th scope="col" className={`${head} w-[34%] ps-[18px]`}>
            {t("forms.name")}
          </th>
          <th scope="col" className={head}>
            {t("forms.stateTitle")}
          </th>
          <th scope="col" className={`${head} text-end!`}>
            {t("forms.answers30")}
          </th>
          <th scope="col" className={`${head} text-end! max-lg:hidden`}>
            {t("forms.conversion30")}
          </th>
          <th scope="col" className={head}>
            {t("forms.lastAnswer")}
          </th>
          <th scope="col" className={`${head} w-14 pe-[18px]`}>
            <span className="sr-only">{t("nav.more")}</span>
          </th>
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: FormSummary }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const share = row.starts_30d > 0 ? Math.min(1, row.submissions_30d / row.starts_30d) : undefined;
  const cell = "px-3 py-2 max-md:p-0";
  return (
    <tr className="group relative border-line border-b last:border-0 hover:bg-hover max-md:grid max-md:grid-cols-[1fr_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:px-4 max-md:py-3">
      <td className={`${cell} h-[52px] ps-[18px] compact:h-9 max-md:h-auto`}>
        <Link
          to="/forms/$id"
          params={{ id: row.id }}
          className="block max-w-[min(46ch,42vw)] rounded-chip font-semibold outline-offset-3 max-md:max-w-[60vw] coarse:py-3"
        >
          <Own title={row.name}>{row.name}</Own>
        </Link>
      </td>
      <td className={`${cell} max-md:col-start-1`}>
        <span className="flex items-center gap-1.5">
          <StateChip state={row.state} />
          {row.quarantined > 0 && (
            <PlainLink
              to="/forms/$id/submissions"
              params={{ id: row.id }}
              search={{ state: "quarantined" }}
              className="rounded-chip"
            >
              <Chip tone="sun">
                <ShieldQuestion aria-hidden="true" />
                {t("forms.toDecide", { count: row.quarantined })}
              </Chip>
            </PlainLink>
          )}
        </span>
      </td>
      <td
        className={`${cell} num text-end max-md:col-start-1 max-md:text-start max-md:text-[12.5px] max-md:text-muted`}
      >
        <PlainLink
          to="/forms/$id/submissions"
          params={{ id: row.id }}
          className="reach rounded-chip hover:underline coarse:py-3.5"
        >
          <span className="md:hidden">{t("forms.answersIn30", { count: row.submissions_30d })}</span>
          <span className="max-md:hidden">{formats.count(row.submissions_30d)}</span>
        </PlainLink>
      </td>
      <td className={`${cell} num text-end max-lg:hidden`}>
        {share === undefined ? (
          <span className="text-muted">{t("forms.noStarts")}</span>
        ) : (
          <PlainLink
            to="/forms/$id/analytics"
            params={{ id: row.id }}
            className="reach rounded-chip hover:underline coarse:py-3.5"
          >
            {new Intl.NumberFormat(formats.locale, { style: "percent", maximumFractionDigits: 0 }).format(share)}
          </PlainLink>
        )}
      </td>
      <td className={`${cell} whitespace-nowrap text-muted max-md:hidden`}>
        {row.last_submission_at ? (
          <time dateTime={row.last_submission_at} title={formats.full(row.last_submission_at)}>
            {formats.ago(row.last_submission_at)}
          </time>
        ) : (
          t("forms.never")
        )}
      </td>
      <td className={`${cell} pe-3 text-end max-md:col-start-2 max-md:row-start-1 max-md:row-end-4 max-md:self-center`}>
        <RowMenu row={row} />
      </td>
    </tr>
  );
}
