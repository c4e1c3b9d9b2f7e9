import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { hasStatus } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { ExportButton } from "@/ui/export";
import { Empty } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { type Admin, admin, flags, newestFlag, ok, putFlag, useMay } from "./api";
import { FlagDialog } from "./flag-form";
import { AdminPage } from "./page";
import { Filters, Moment } from "./parts";
import { type Column, Rows, Table } from "./table";

type Flag = Admin["Flag"];

const load = () => ok(admin.GET("/v1/flags/export", { parseAs: "blob" }));

export function FlagsPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const writes = useMay("platform.settings.write");
  const query = useQuery(flags);
  const [open, setOpen] = useState<string>();
  useShortcuts(writes ? [{ keys: "n", label: t("admin.newFlag"), run: () => setOpen("") }] : []);
  const put = async (flag: Flag, enabled: boolean): Promise<void> => {
    const { key } = flag;
    const send = (at: Flag) => putFlag(at, { description: at.description, percent: at.percent, enabled });
    try {
      const fresh = await send(flag).catch(async (error: unknown) => {
        // What somebody else changed meanwhile stands; only the switch was touched here.
        const newest = hasStatus(error, 412) ? await newestFlag(cache, key) : undefined;
        if (!newest) throw error;
        return send(newest);
      });
      const undo = () => void put(fresh, !enabled);
      say(enabled ? t("admin.flagOn", { key }) : t("admin.flagOff", { key }), { undo });
    } catch (error) {
      sayError(t("error.notSaved"), error instanceof Error ? error.message : undefined);
    }
    await cache.invalidateQueries({ queryKey: ["admin"] });
  };
  const add = writes && (
    <Button look="primary" icon={<Plus />} onClick={() => setOpen("")}>
      {t("admin.newFlag")}
    </Button>
  );
  const columns: Column<Flag>[] = [
    {
      id: "key",
      label: t("admin.key"),
      cell: (flag) => (
        <span className="block min-w-0">
          <code className="block truncate font-mono text-[12.5px] font-semibold">{flag.key}</code>
          {flag.description && (
            <bdi className="block truncate text-[12.5px] text-muted" title={flag.description}>
              {flag.description}
            </bdi>
          )}
        </span>
      ),
    },
    {
      id: "on",
      label: t("admin.stateLabel"),
      cell: (flag) =>
        writes ? (
          <Switch alone label={flag.key} checked={flag.enabled} onChange={(on) => void put(flag, on)} />
        ) : (
          <span>{flag.enabled ? t("admin.on") : t("admin.off")}</span>
        ),
    },
    {
      id: "share",
      label: t("admin.share"),
      end: true,
      cell: (flag) =>
        new Intl.NumberFormat(formats.locale, { style: "percent" }).format(flag.enabled ? flag.percent / 100 : 0),
    },
    { id: "named", label: t("admin.named"), end: true, cell: (flag) => formats.count(flag.tenants) },
    { id: "at", label: t("admin.changed"), end: true, cell: (flag) => <Moment at={flag.updated_at} /> },
  ];
  return (
    <AdminPage title={t("admin.nav.flags")}>
      <Filters>
        <p className="min-w-0 text-sm text-muted">{t("admin.flagsText")}</p>
        <span className="flex-1" />
        <ExportButton name="flags" load={load} />
        {add}
      </Filters>
      <div className="px-7 pb-8 max-md:px-4">
        <Rows
          query={query}
          isEmpty={query.data?.length === 0}
          rows={4}
          empty={
            <Empty title={t("admin.noFlags")} actions={add}>
              {t("admin.noFlagsText")}
            </Empty>
          }
        >
          <Table
            label={t("admin.nav.flags")}
            rows={query.data ?? []}
            keyOf={(flag) => flag.key}
            columns={columns}
            action={(flag) => (
              <Button
                size="small"
                icon={<Pencil />}
                aria-label={t("admin.editOne", { name: flag.key })}
                onClick={() => setOpen(flag.key)}
              >
                {writes ? t("admin.edit") : t("admin.details")}
              </Button>
            )}
          />
        </Rows>
      </div>
      {open !== undefined && (
        <FlagDialog flag={query.data?.find(({ key }) => key === open)} onClose={() => setOpen(undefined)} />
      )}
    </AdminPage>
  );
}
