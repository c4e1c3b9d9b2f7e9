import { Gem, RotateCcw, Trash2, UserRound, Waypoints } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useBulkOf, versionsOf } from "@/ui/bulk";
import { BulkFrame, Picker } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Chosen, useRows } from "@/ui/chosen";
import { Dialog } from "@/ui/dialog";
import { Choices } from "@/ui/filter";
import { useFormats } from "@/i18n/format";
import { type Company, STATUSES, TIERS } from "./data";

export type Change = Omit<Schema["CompanyBulkChange"], "companies">;

/** Companies by what they had before, so that each group can be put back with one change. */
export function groups(before: readonly Company[], change: Change): { ids: string[]; change: Change }[] {
  if (change.deleted !== undefined) return [{ ids: before.map(({ id }) => id), change: { deleted: !change.deleted } }];
  const by = new Map<string, { ids: string[]; change: Change }>();
  for (const { id, status, tier, owner } of before) {
    const back: Change = {
      ...(change.status !== undefined && { status }),
      ...(change.tier !== undefined && { tier: tier ?? null }),
      ...(change.owner !== undefined && { owner: owner ?? null }),
    };
    const key = JSON.stringify(back);
    const group = by.get(key) ?? { ids: [], change: back };
    group.ids.push(id);
    by.set(key, group);
  }
  return [...by.values()];
}

/** From the first chosen row on; Escape puts it away. */
export function BulkBar(props: { chosen: Chosen<Company>; members: ReadonlyMap<string, string>; deleted: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { chosen, members, deleted } = props;
  const deletes = useMay("companies.delete");
  const [asking, setAsking] = useState(false);
  const count = useRows(chosen).size;
  const { apply, progress } = useBulkOf<Company, Change>({
    chosen,
    send: async (ids, change, wrote) => {
      const body = { ...change, companies: [...ids], ...versionsOf(ids, wrote) };
      const { companies, versions, missing, stale } = await ok(api.POST("/v1/companies/bulk-changes", { body }));
      return { ids: companies, versions, left: { missing, stale } };
    },
    groups,
    notes: ({ missing = 0, stale = 0 }) => [
      missing > 0 && t("contacts.bulkMissing", { count: missing, number: formats.count(missing) }),
      stale > 0 && t("companies.bulkStale", { count: stale }),
    ],
    stale: [["companies"]],
  });
  const busy = progress !== undefined;
  const changed = (n: number) => t("companies.changed", { count: n });
  const none = { value: "", label: t("companies.noTier") };
  return (
    <BulkFrame
      label={t("contacts.selected", { count })}
      clear={t("contacts.clearSelection")}
      progress={progress}
      onClear={chosen.clear}
    >
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
          {members.size > 0 && (
            <Picker label={t("companies.setOwner")} icon={<UserRound />} busy={busy}>
              {(choose) => (
                <Choices
                  label={t("companies.setOwner")}
                  choices={[
                    { value: "", label: t("companies.nobody") },
                    ...[...members].map(([value, label]) => ({ value, label })),
                  ]}
                  onChoose={(owner) => choose(() => void apply({ owner: owner || null }, changed))}
                />
              )}
            </Picker>
          )}
          {deletes && (
            <Button writes size="small" look="ghost" icon={<Trash2 />} busy={busy} onClick={() => setAsking(true)}>
              {t("companies.delete")}
            </Button>
          )}
        </>
      )}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("companies.bulkDeleteTitle", { count })}
        lead={t("companies.deleteText")}
      >
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={() => setAsking(false)}>
            {t("action.cancel")}
          </Button>
          <Button
            look="danger"
            icon={<Trash2 />}
            onClick={() => {
              setAsking(false);
              void apply({ deleted: true }, (n) => t("companies.bulkDeleted", { count: n }));
            }}
          >
            {t("contacts.bulkDelete", { count })}
          </Button>
        </footer>
      </Dialog>
    </BulkFrame>
  );
}
