import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { EllipsisVertical, FileUp, Pencil, Plus, Trash2 } from "lucide-react";
import { lazy, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { tenant } from "@/api/queries";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { ExportButton } from "@/ui/export";
import { Trouble } from "@/ui/form";
import { Menu, MenuItem } from "@/ui/menu";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { useRateChanges } from "./changes";
import { type Rate, rates, ratesFile, settings } from "./data";

const RateDialog = lazy(async () => ({ default: (await import("./dialog")).RateDialog }));

/** What other currencies are worth in the account's own: by hand, from a file, or by themselves. */
export function Rates() {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const query = useInfiniteQuery(rates);
  const home = useQuery(tenant).data?.currency ?? "";
  const changes = useRateChanges();
  const picker = useRef<HTMLInputElement>(null);
  const [editing, setEditing] = useState<Rate | "new">();
  const list = rowsOf(query.data);
  const day = (value: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${value}T12:00:00Z`));
  const read = async (file: File | undefined) => {
    if (file) changes.take.mutate(await file.text());
  };
  return (
    <Panel
      bare
      title={t("deals.rates.title")}
      more={
        <Button writes size="small" icon={<Plus />} onClick={() => setEditing("new")}>
          {t("deals.rates.add")}
        </Button>
      }
    >
      <input
        ref={picker}
        type="file"
        accept=".csv,text/csv"
        hidden
        aria-label={t("deals.rates.import")}
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <div className="flex flex-wrap items-center gap-2 px-4 pb-3 md:px-[18px]">
        <p className="mb-1 w-full text-[12.5px] text-muted">{t("deals.rates.lead", { home })}</p>
        <Button
          writes
          size="small"
          icon={<FileUp />}
          busy={changes.take.isPending}
          onClick={() => picker.current?.click()}
        >
          {t("deals.rates.import")}
        </Button>
        <ExportButton small name="exchange-rates" load={ratesFile} />
      </div>
      <Source />
      <Taken result={changes.take} />
      {query.isPending ? (
        <SkeletonRows rows={3} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : list.length === 0 ? (
        <Empty title={t("deals.rates.empty")}>{t("deals.rates.emptyText", { home })}</Empty>
      ) : (
        <ul className="overflow-hidden rounded-b-[14px] md:rounded-b-panel">
          {list.map((rate) => (
            <li
              key={rate.id}
              className="flex min-h-[52px] items-center gap-3 border-line border-t bg-surface px-4 py-1.5 text-sm md:px-[18px]"
            >
              <span className="num min-w-0 flex-1">
                <bdi className="font-[560]">
                  {t("deals.rates.worth", { currency: rate.currency, rate: rate.rate, home })}
                </bdi>
                <span className="block text-cap text-muted">
                  {t(`deals.rates.origin.${rate.origin}`, { day: day(rate.valid_from) })}
                </span>
              </span>
              <Menu
                trigger={
                  <IconButton
                    small
                    label={t("deals.rates.more", { currency: rate.currency, day: day(rate.valid_from) })}
                  >
                    <EllipsisVertical />
                  </IconButton>
                }
              >
                <MenuItem writes icon={<Pencil />} onClick={() => setEditing(rate)}>
                  {t("deals.rates.edit")}
                </MenuItem>
                <MenuItem writes danger icon={<Trash2 />} onClick={() => changes.drop.mutate(rate)}>
                  {t("deals.rates.remove")}
                </MenuItem>
              </Menu>
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="border-line border-t p-2 text-center">
          <Button look="ghost" size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("deals.rates.older")}
          </Button>
        </div>
      )}
      <Opened open={editing !== undefined}>
        <RateDialog rate={editing} home={home} onClose={() => setEditing(undefined)} />
      </Opened>
    </Panel>
  );
}

/** Whether rates come by themselves, and what became of the last attempt. */
function Source() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useQuery(settings);
  const { settings: change } = useRateChanges();
  if (!data) return <SkeletonRows rows={1} />;
  const note = data.problem
    ? t(`deals.rates.problem.${data.problem as "refused"}`)
    : data.source === "ecb" && data.fetched_at
      ? t("deals.rates.fetched", { when: formats.when(data.fetched_at) })
      : t("deals.rates.ecbText");
  return (
    <div className="border-line border-t px-4 py-3 md:px-[18px]">
      <Switch
        label={t("deals.rates.ecb")}
        checked={data.source === "ecb"}
        disabled={change.isPending}
        onChange={(on) => change.mutate({ version: data.version, source: on ? "ecb" : "none" })}
      />
      <p className={`mt-1 text-cap ${data.problem ? "text-warning-text" : "text-muted"}`}>{note}</p>
    </div>
  );
}

/** What a file brought, and which of its lines were no rates. */
function Taken({ result }: { result: ReturnType<typeof useRateChanges>["take"] }) {
  const { t } = useTranslation();
  if (result.error)
    return (
      <div className="px-4 pb-3 md:px-[18px]">
        <Trouble>{sayThrown(result.error)}</Trouble>
      </div>
    );
  if (!result.data) return null;
  const { added, changed, unchanged, refused } = result.data;
  return (
    <div role="status" className="border-line border-t px-4 py-3 text-sm md:px-[18px]">
      <p>{t("deals.rates.took", { added, changed, unchanged })}</p>
      {refused.length > 0 && (
        <ul className="mt-1 max-h-40 overflow-y-auto text-cap text-warning-text">
          {refused.map(({ line, code }) => (
            <li key={line}>{t("deals.rates.refused", { line, why: t(`deals.rates.why.${code as "twice"}`) })}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
