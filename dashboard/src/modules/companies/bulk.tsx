import { queryOptions, useQuery } from "@tanstack/react-query";
import { Gem, GitMerge, RotateCcw, SquarePen, Trash2, Waypoints } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { type RunCalls, useRunOf } from "@/ui/bulk";
import { BulkFrame, OwnerPicker, Picker, Reach } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Chosen, useCount, useEverything, useRows } from "@/ui/chosen";
import { Confirm } from "@/ui/confirm";
import { Choices } from "@/ui/filter";
import { useFormats } from "@/i18n/format";
import { ButtonLink } from "@/ui/link";
import { type Asked, type Company, STATUSES, TIERS } from "./data";

type Change = Schema["CompanyBulkChange"];
type Left = Schema["CompanyBulkRunRow"];

const FieldDialog = lazy(async () => ({ default: (await import("../fields/many")).FieldDialog }));

/** How many companies a list shows. */
const fitting = (query: Asked) =>
  queryOptions({
    queryKey: ["companies", "count", query],
    queryFn: async ({ signal }) => (await ok(api.GET("/v1/companies/count", { params: { query }, signal }))).count,
    staleTime: 30_000,
  });

const of = (id: string) => ({ params: { path: { id } } });

const callsOf = ({ deleted: _, ...list }: Asked): RunCalls<Change, Left> => ({
  begin: (change, meant) => {
    const body = "named" in meant ? { companies: meant.named, change } : { matching: { ...list, ...meant }, change };
    return ok(api.POST("/v1/company-bulk-runs", { body }));
  },
  read: (id) => ok(api.GET("/v1/company-bulk-runs/{id}", of(id))),
  stop: (id) => ok(api.POST("/v1/company-bulk-runs/{id}/cancellation", of(id))),
  takeBack: (id) => ok(api.POST("/v1/company-bulk-runs/{id}/undo", of(id))),
  skipped: async ({ id }) => {
    const query = { limit: 100, filter: ["outcome:eq:skipped"] };
    return (await ok(api.GET("/v1/company-bulk-runs/{id}/rows", { params: { path: { id }, query } }))).items;
  },
});

/** From the first chosen row on; Escape puts it away. */
export function BulkBar(props: {
  chosen: Chosen<Company>;
  members: ReadonlyMap<string, string>;
  /** What the list shows, of which everything can be chosen, also what was not read yet. */
  list: Asked;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { chosen, members, list } = props;
  const deleted = list.deleted === true;
  const writes = useMay("companies.write");
  const deletes = useMay("companies.delete");
  const [asking, setAsking] = useState(false);
  const [setting, setSetting] = useState(false);
  const rows = useRows(chosen);
  const count = useCount(chosen);
  const everything = useEverything(chosen) !== undefined;
  const { data: fits = 0 } = useQuery(fitting(list));
  const { apply, progress, stop } = useRunOf<Company, Change, Left>({
    chosen,
    calls: callsOf(list),
    notes: (rows) => {
      const missing = rows.filter(({ reason }) => reason === "missing").length;
      const refused = rows.length - missing;
      return [
        missing > 0 && t("contacts.bulkMissing", { count: missing, number: formats.count(missing) }),
        refused > 0 && t("contacts.runs.refused", { count: refused }),
      ].filter((note) => note !== false);
    },
    stale: [["companies"], ["company_bulk_runs"]],
  });
  const busy = progress !== undefined;
  const changed = (n: number) => t("companies.changed", { count: n });
  const none = { value: "", label: t("companies.noTier") };
  return (
    <BulkFrame
      label={t(everything ? "contacts.runs.selectedAll" : "contacts.selected", {
        count,
        number: formats.count(count),
      })}
      clear={t("contacts.clearSelection")}
      progress={progress}
      onClear={chosen.clear}
    >
      <Reach stop={stop} all={!everything && !busy && fits > count ? fits : undefined} onAll={chosen.putAll} />
      {deleted ? (
        deletes && (
          <Button
            writes
            size="small"
            look="ghost"
            icon={<RotateCcw />}
            busy={busy}
            onClick={() => void apply({ deleted: false }, (n) => t("companies.bulkRestored", { count: n }))}
          >
            {t("companies.restore")}
          </Button>
        )
      ) : (
        <>
          <Picker label={t("companies.setStatus")} icon={<Waypoints />} busy={busy}>
            {(choose) => (
              <Choices
                label={t("companies.setStatus")}
                choices={STATUSES.map((value) => ({ value, label: t(`companies.status.${value}`) }))}
                onChoose={(status) => choose(() => void apply({ status: status as Company["status"] }, changed))}
              />
            )}
          </Picker>
          <Picker label={t("companies.setTier")} icon={<Gem />} busy={busy}>
            {(choose) => (
              <Choices
                label={t("companies.setTier")}
                choices={[none, ...TIERS.map((value) => ({ value, label: t(`companies.tier.${value}`) }))]}
                onChoose={(tier) => choose(() => void apply({ tier: (tier || null) as Change["tier"] }, changed))}
              />
            )}
          </Picker>
          <OwnerPicker
            label={t("companies.setOwner")}
            nobody={t("companies.nobody")}
            members={members}
            busy={busy}
            onChoose={(owner) => void apply({ owner }, changed)}
          />
          {writes && !everything && count >= 2 && count <= 10 && (
            <ButtonLink to="/companies/merge" search={{ ids: [...rows.keys()] }} size="small" look="ghost">
              <GitMerge aria-hidden="true" />
              {t("companies.merge")}
            </ButtonLink>
          )}
          <Button writes size="small" look="ghost" icon={<SquarePen />} busy={busy} onClick={() => setSetting(true)}>
            {t("contacts.setField")}
          </Button>
          {deletes && (
            <Button writes size="small" look="ghost" icon={<Trash2 />} busy={busy} onClick={() => setAsking(true)}>
              {t("companies.delete")}
            </Button>
          )}
        </>
      )}
      {setting && (
        <Suspense>
          <FieldDialog
            open
            record="company"
            lead={t("companies.setFieldText")}
            action={t("companies.changeMany", { count })}
            plain={{
              label: t("companies.industry"),
              most: 100,
              onApply: (industry) => void apply({ industry }, changed),
            }}
            onClose={() => setSetting(false)}
            onApply={(change) => void apply(change, changed)}
          />
        </Suspense>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("companies.bulkDeleteTitle", { count })}
        lead={t("companies.deleteText")}
        action={t("contacts.bulkDelete", { count })}
        icon={<Trash2 />}
        onConfirm={() => {
          setAsking(false);
          void apply({ deleted: true }, (n) => t("companies.bulkDeleted", { count: n }));
        }}
      />
    </BulkFrame>
  );
}
