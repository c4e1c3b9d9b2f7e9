import { useQueryClient } from "@tanstack/react-query";
import { ListPlus, Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasStatus } from "@/api/problem";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { money } from "@/ui/money";
import { Panel } from "@/ui/panel";
import { SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Deal, deal as one } from "../data";
import { dayWords } from "../../tasks/when";
import { emptyLine, type Line, linesOf, type Read, typedNumber } from "./model";
import { useSaveItems } from "./save";

const ItemsEditor = lazy(async () => ({ default: (await import("./editor")).ItemsEditor }));

/** Lines that are being written, and the version of the deal that they are based on. */
interface Draft {
  lines: Line[];
  version: number;
}

/** What is sold, line by line; what is written is kept until the server has it. */
export function Items({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const cache = useQueryClient();
  const writes = useMay("deals.write") && !deal.deleted_at;
  const save = useSaveItems(deal.id);
  const [draft, setDraft] = useState<Draft>();
  const begin = () => {
    save.reset();
    const lines = linesOf(deal, locale);
    setDraft({ lines: lines.length > 0 ? lines : [emptyLine()], version: deal.version });
  };
  const send = (lines: Read[]) => {
    if (!draft) return;
    save.mutate(
      { lines, version: draft.version },
      {
        onSuccess: () => {
          setDraft(undefined);
          say(t("action.saved"));
        },
        // The newer one is at hand: what was written here can be saved over it, or left for it.
        onError: async (error) => {
          if (!hasStatus(error, 412)) return;
          const fresh = await cache.fetchQuery({ ...one(deal.id), staleTime: 0 });
          setDraft((old) => old && { ...old, version: fresh.version });
        },
      },
    );
  };
  // Whoever presses before theirs has come would otherwise be given the old lines as if they were theirs.
  const takeTheirs = () => {
    cache.fetchQuery({ ...one(deal.id), staleTime: 0 }).then(
      (fresh) => setDraft((old) => old && { lines: linesOf(fresh, locale), version: fresh.version }),
      (error: unknown) => sayError(sayThrown(error)),
    );
  };
  const edits = draft !== undefined && !save.isPending;
  return (
    <Panel
      title={t("deals.items.title")}
      flush
      more={
        writes &&
        !edits &&
        deal.items.length > 0 && (
          <Button writes size="small" icon={<Pencil />} onClick={begin} disabled={save.isPending}>
            {t("deals.items.edit")}
          </Button>
        )
      }
    >
      {edits ? (
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <ItemsEditor
            lines={draft.lines}
            currency={deal.currency}
            theirs={hasStatus(save.error, 412) ? takeTheirs : undefined}
            error={save.error}
            onChange={(lines) => setDraft({ ...draft, lines })}
            onSave={send}
            onClose={() => setDraft(undefined)}
          />
        </Suspense>
      ) : deal.items.length === 0 ? (
        <div className="flex flex-wrap items-center justify-between gap-3 px-[18px] pb-4 max-md:px-4">
          <p className="text-sm text-muted">{t("deals.items.none")}</p>
          {writes && (
            <Button writes size="small" icon={<ListPlus />} onClick={begin}>
              {t("deals.items.begin")}
            </Button>
          )}
        </div>
      ) : (
        <Listed deal={deal} />
      )}
    </Panel>
  );
}

/** How often it is paid and how long; nothing of what is paid once and has no days. */
export function Term({
  billing,
  starts_on,
  ends_on,
}: Pick<Deal["items"][number], "billing" | "starts_on" | "ends_on">) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  if (billing === "once" && !starts_on && !ends_on) return null;
  const days = [
    starts_on && t("deals.items.from", { day: dayWords(starts_on, locale) }),
    ends_on && t("deals.items.until", { day: dayWords(ends_on, locale) }),
  ];
  return (
    <span className="num block text-cap font-normal text-muted">
      {[t(`deals.items.paid.${billing}`), ...days].filter(Boolean).join(" · ")}
    </span>
  );
}

function Listed({ deal }: { deal: Deal }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const cells = "num px-3 text-end first:ps-[18px] last:pe-[18px] max-md:last:pe-4";
  const wide = "max-md:hidden";
  return (
    <table className="w-full border-collapse text-[13.5px]">
      <caption className="sr-only">{t("deals.items.title")}</caption>
      <thead className="text-cap text-muted">
        <tr className="h-8 border-line border-b">
          <th scope="col" className="px-3 text-start font-[520] first:ps-[18px] max-md:first:ps-4">
            {t("deals.items.name")}
          </th>
          {(["quantity", "price", "discount"] as const).map((column) => (
            <th key={column} scope="col" className={`${cells} ${wide} font-[520]`}>
              {t(`deals.items.${column}`)}
            </th>
          ))}
          <th scope="col" className={`${cells} font-[520]`}>
            {t("deals.items.total")}
          </th>
        </tr>
      </thead>
      <tbody>
        {deal.items.map(({ name, quantity, unit_price, discount, total, ...term }, index) => {
          const many = typedNumber(quantity, 3, locale);
          const each = money(unit_price, deal.currency, locale);
          const off = discount > 0 ? `${typedNumber(discount, 2, locale)}%` : "";
          return (
            <tr key={index} className="h-11 border-line border-b">
              <th scope="row" className="px-3 py-2 text-start font-[540] first:ps-[18px] max-md:first:ps-4">
                <bdi className="break-words">{name}</bdi>
                <Term {...term} />
                <span className="num block text-cap font-normal text-muted md:hidden">
                  {off ? t("deals.items.timesOff", { many, each, off }) : t("deals.items.times", { many, each })}
                </span>
              </th>
              <td className={`${cells} ${wide}`}>{many}</td>
              <td className={`${cells} ${wide}`}>{each}</td>
              <td className={`${cells} ${wide} text-muted`}>{off || "–"}</td>
              <td className={cells}>{money(total, deal.currency, locale)}</td>
            </tr>
          );
        })}
      </tbody>
      <tfoot>
        <tr className="h-11 font-[590]">
          <th scope="row" className="px-3 text-start first:ps-[18px] max-md:first:ps-4">
            {t("deals.items.sum")}
          </th>
          <td colSpan={3} className={wide} />
          <td className={cells}>{money(deal.amount, deal.currency, locale)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
