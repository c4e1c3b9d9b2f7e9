import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Filter } from "@/ui/filter";
import { ButtonLink } from "@/ui/link";
import { headline, money } from "@/ui/money";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { admin, ok, revenue } from "./api";
import { AdminPage } from "./page";
import { Filters, Verdict } from "./parts";
import { RevenueAccounts } from "./revenue-accounts";
import { RevenueBars } from "./revenue-bars";
import { churnOf, currenciesOf, type Month, monthsOf, nameOf, netOf } from "./revenue-months";
import type { RevenueSearch } from "./routes";
import { type Column, Rows, Table } from "./table";

const load = () => ok(admin.GET("/v1/revenue/export", { parseAs: "blob" }));

/** What plans brought in the last twelve months, and why it was more or less from one to the next. */
export function RevenuePage() {
  const { t } = useTranslation();
  const query = useQuery(revenue);
  const search = useSearch({ from: "/admin/revenue" });
  const navigate = useNavigate();
  const set = (next: Partial<RevenueSearch>) =>
    void navigate({ to: "/admin/revenue", search: (before) => ({ ...before, ...next }) });
  const currencies = currenciesOf(query.data ?? []);
  const currency = currencies.find((one) => one === search.currency) ?? currencies[0];
  const months = monthsOf(query.data ?? [], currency);
  const now = months.at(-1);
  const open = months.find(({ month }) => month === search.month);
  return (
    <AdminPage title={t("admin.nav.revenue")}>
      <Filters file={{ name: "revenue", load }}>
        <p className="min-w-0 text-sm text-muted">{t("admin.revenue.text")}</p>
        {currencies.length > 1 && (
          <Filter
            label={t("admin.currency")}
            value={currency}
            choices={currencies.map((value) => ({ value, label: value }))}
            onChange={(next) => set({ currency: next, month: undefined })}
          />
        )}
      </Filters>
      {now ? (
        <Year months={months} now={now} onShow={(month) => set({ month })} />
      ) : (
        <div className="px-7 pb-8 max-md:px-4">
          <Rows query={query} isEmpty empty={<NobodyPays />}>
            {null}
          </Rows>
        </div>
      )}
      {open && <RevenueAccounts month={open} onClose={() => set({ month: undefined })} />}
    </AdminPage>
  );
}

function NobodyPays() {
  const { t } = useTranslation();
  return (
    <Empty title={t("admin.revenue.empty")} actions={<ButtonLink to="/admin/plans">{t("admin.nav.plans")}</ButtonLink>}>
      {t("admin.revenue.emptyText")}
    </Empty>
  );
}

function Year(props: { months: readonly Month[]; now: Month; onShow: (month: string) => void }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { months, now, onShow } = props;
  const columns = useColumns();
  return (
    <>
      <Verdict
        title={t("admin.revenue.perMonth", { sum: headline(now.end_minor, now.currency, locale) })}
        text={t("admin.revenue.now", {
          count: now.end_accounts,
          net: netOf(now, locale),
          month: nameOf(now, locale),
        })}
      />
      <div className="flex flex-col gap-4 px-7 pb-8 max-md:px-4">
        <Panel label={t("admin.aMonth")}>
          <RevenueBars months={months} />
        </Panel>
        <Panel bare>
          <Table
            label={t("admin.nav.revenue")}
            rows={months.toReversed()}
            keyOf={({ month }) => month}
            columns={columns}
            action={(month) => (
              <Button
                size="small"
                aria-label={t("admin.revenue.showOf", { month: nameOf(month, locale) })}
                onClick={() => onShow(month.month)}
              >
                {t("admin.revenue.show")}
              </Button>
            )}
          />
        </Panel>
        {months.some(({ assumed }) => assumed) && (
          <p className="text-sm text-muted">{t("admin.revenue.assumedText")}</p>
        )}
      </div>
    </>
  );
}

function useColumns(): Column<Month>[] {
  const { t } = useTranslation();
  const { locale, count } = useFormats();
  const sum = (
    key: "began" | "new" | "expansion" | "contraction" | "lost" | "ended",
    of: (month: Month) => number,
  ) => ({
    id: key,
    label: t(`admin.revenue.${key}`),
    end: true,
    cell: (month: Month) => money(of(month), month.currency, locale),
  });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return [
    {
      id: "month",
      label: t("admin.revenue.month"),
      cell: (month) => (
        <span className="flex items-center gap-2 whitespace-nowrap">
          <b className="font-semibold">{nameOf(month, locale)}</b>
          {month.assumed && <Chip>{t("admin.revenue.assumed")}</Chip>}
        </span>
      ),
    },
    { ...sum("began", ({ start_minor }) => start_minor), roomy: true },
    sum("new", ({ new_minor }) => new_minor),
    sum("expansion", ({ expansion_minor }) => expansion_minor),
    sum("contraction", ({ contraction_minor }) => contraction_minor),
    sum("lost", ({ lost_minor }) => lost_minor),
    sum("ended", ({ end_minor }) => end_minor),
    {
      id: "paying",
      label: t("admin.revenue.paying"),
      end: true,
      roomy: true,
      cell: ({ end_accounts }) => count(end_accounts),
    },
    {
      id: "churn",
      label: t("admin.revenue.churn"),
      end: true,
      cell: (month) => {
        const churn = churnOf(month);
        const [lost, all] = [count(month.lost_accounts), count(month.start_accounts)];
        return churn === undefined ? (
          "–"
        ) : (
          <span title={t("admin.revenue.lostOf", { lost, all })}>{percent.format(churn)}</span>
        );
      },
    },
  ];
}
