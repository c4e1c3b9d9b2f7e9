import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { money } from "@/ui/money";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Admin, revenueAccounts } from "./api";
import { Who } from "./parts";
import { type Month, nameOf } from "./revenue-months";

/** In the order of the figures that they are behind. */
const CHANGES = ["new", "expansion", "contraction", "lost", "kept"] as const;
/** More than this many are not listed. */
const MOST = 500;

/** The accounts behind the figures of a month. */
export function RevenueAccounts({ month, onClose }: { month: Month; onClose: () => void }) {
  const { t } = useTranslation();
  const { locale, count } = useFormats();
  const { data, isPending, isError, error, refetch } = useQuery(revenueAccounts(month.month, month.currency));
  const groups = CHANGES.map((change) => ({ change, rows: data?.filter((row) => row.change === change) ?? [] }));
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("admin.revenue.of", { month: nameOf(month, locale) })}
      lead={t("admin.revenue.ofText")}
    >
      {isPending ? (
        <SkeletonRows rows={4} />
      ) : isError && !data ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : data.length === 0 ? (
        <p className="text-sm text-muted">{t("admin.revenue.nobody")}</p>
      ) : (
        groups
          .filter(({ rows }) => rows.length > 0)
          .map(({ change, rows }) => (
            <section key={change} className="mt-4 first:mt-0">
              <h3 className="flex items-baseline gap-2 text-[14px] font-semibold">
                {t(`admin.revenue.${change}`)}
                <span className="num text-[12.5px] font-normal text-muted">{count(rows.length)}</span>
              </h3>
              <ul>
                {rows.map((row) => (
                  <Row key={row.tenant_id} row={row} />
                ))}
              </ul>
            </section>
          ))
      )}
      {data?.length === MOST && <p className="mt-3 text-sm text-muted">{t("admin.revenue.most", { count: MOST })}</p>}
    </Dialog>
  );
}

function Row({ row }: { row: Admin["RevenueAccount"] }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const said = (amount: number) => money(amount, row.currency, locale);
  return (
    <li className="flex min-h-[52px] items-center gap-3 border-line border-b py-1.5 text-sm last:border-0">
      <span className="min-w-0 flex-1">
        <Who id={row.tenant_id} name={row.name || t("admin.revenue.gone")} note={row.parent_name} />
      </span>
      {row.assumed && <Chip>{t("admin.revenue.assumed")}</Chip>}
      <span className="num flex shrink-0 items-baseline gap-1.5 text-end">
        {row.before_minor !== row.after_minor && (
          <>
            <span className="text-muted">{said(row.before_minor)}</span>
            <span aria-hidden="true" className="rtl:-scale-x-100">
              →
            </span>
          </>
        )}
        <b className="font-semibold">{said(row.after_minor)}</b>
      </span>
    </li>
  );
}
