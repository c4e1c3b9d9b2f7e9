import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { IconButton } from "@/ui/button";
import { Link, PlainLink } from "@/ui/link";
import { money } from "@/ui/money";
import { Opened } from "@/ui/opened";
import { Own } from "@/ui/own";
import { Failed, Skeleton } from "@/ui/states";
import { Card } from "../contacts/person/card";
import { pipelines } from "./data";
import { sumsOf } from "./sums";

const NewDeal = lazy(async () => ({ default: (await import("./parts/new-deal")).NewDeal }));

/** Whose deals: a company's, or those somebody takes part in. */
export type Whose = { company: string } | { contact: string };

const SHOWN = 5;
const ALL = 200;

/** Open deals, and what was won so far, by currency. Sums do not know who takes part: those of a person are added here. */
async function read(whose: Whose, signal: AbortSignal) {
  const list = (status: string, limit: number) => {
    const narrowed = "company" in whose ? [`company:eq:${whose.company}`] : [];
    const filter = [...narrowed, `status:eq:${status}`];
    const query = { limit, sort: "-updated_at", filter, ...("contact" in whose && { contact: whose.contact }) };
    return ok(api.GET("/v1/deals", { params: { query }, signal }));
  };
  const won = async () => {
    if ("contact" in whose) {
      const path = { id: whose.contact };
      const [page, { value }] = await Promise.all([
        list("won", ALL),
        ok(api.GET("/v1/contacts/{id}/services", { params: { path }, signal })),
      ]);
      return { won: sumsOf(page.items), more: typeof page.next_cursor === "string", value };
    }
    const filter = [`company:eq:${whose.company}`, "status:eq:won"];
    const { totals } = await ok(api.GET("/v1/deals/totals", { params: { query: { filter } }, signal }));
    return { won: totals, more: false, value: undefined };
  };
  const [open, sums] = await Promise.all([list("open", SHOWN + 1), won()]);
  return { open: open.items, ...sums };
}

/** The deals of a company or of a person, beside what else is known of them. */
export function DealsOf({ whose, name, over }: { whose: Whose; name: string; over?: boolean }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const writes = useMay("deals.write") && !over;
  const [adding, setAdding] = useState(false);
  const lines = useQuery(pipelines);
  const query = useQuery({
    queryKey: ["deals", "around", whose],
    queryFn: ({ signal }) => read(whose, signal),
  });
  const { data } = query;
  const line = lines.data?.[0];
  const stageOf = (stage: string) => lines.data?.flatMap(({ stages }) => stages).find(({ id }) => id === stage)?.name;
  const sum = data?.won.map(({ amount, currency }) => money(amount, currency, locale)).join(" + ");
  return (
    <Card
      title={t("deals.title")}
      note={
        writes &&
        line && (
          <span className="-my-2 -me-2 block print:hidden">
            <IconButton small writes label={t("deals.create")} onClick={() => setAdding(true)}>
              <Plus />
            </IconButton>
          </span>
        )
      }
    >
      {query.isError && !data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : !data ? (
        <Skeleton className="h-16" />
      ) : (
        <>
          <dl className="mb-2 flex justify-between gap-3 text-sm">
            <dt className="text-muted">{t("deals.around.lifetime")}</dt>
            <dd className="num text-end font-[590]">
              {sum ? (data.more ? t("deals.around.atLeast", { amount: sum }) : sum) : t("deals.around.nothingWon")}
            </dd>
          </dl>
          {data.value && data.value.recurring_revenue > 0 && (
            <dl className="mb-2 flex justify-between gap-3 text-sm">
              <dt className="text-muted">{t("deals.around.recurring")}</dt>
              <dd className="num text-end font-[590]">
                {money(data.value.recurring_revenue, data.value.currency, locale)}
                {data.value.missing.length > 0 && (
                  <span className="block text-cap font-normal text-warning-text">
                    {t("deals.around.missing", { currencies: data.value.missing.join(", ") })}
                  </span>
                )}
              </dd>
            </dl>
          )}
          {data.open.length === 0 ? (
            <p className="text-sm text-muted">{t("deals.around.none")}</p>
          ) : (
            <ul aria-label={t("deals.around.open")}>
              {data.open.slice(0, SHOWN).map((deal) => (
                <li key={deal.id} className="flex min-h-10 items-center gap-3 text-sm">
                  <span className="min-w-0 flex-1">
                    <PlainLink
                      to="/deals/$id"
                      params={{ id: deal.id }}
                      className="reach flex min-w-0 font-[540] hover:underline"
                    >
                      <Own title={deal.title}>{deal.title}</Own>
                    </PlainLink>
                    <bdi className="block truncate text-cap text-muted">{stageOf(deal.stage)}</bdi>
                  </span>
                  <span className="num shrink-0">
                    {deal.amount > 0 ? money(deal.amount, deal.currency, locale) : "–"}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <p className="mt-1 text-sm print:hidden">
            <Link
              to="/deals"
              search={{ view: "table", line: "all", ...whose }}
              className="inline-grid min-h-8 place-items-center coarse:min-h-11"
            >
              {t("deals.around.all")}
            </Link>
          </p>
        </>
      )}
      {line && (
        <Opened open={adding}>
          <NewDeal
            line={line}
            open={adding}
            onClose={() => setAdding(false)}
            {...("company" in whose
              ? { company: { id: whose.company, name } }
              : { person: { contact: whose.contact, name } })}
          />
        </Opened>
      )}
    </Card>
  );
}
