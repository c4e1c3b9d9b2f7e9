import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { ApiProblem, hasStatus } from "@/api/problem";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { SearchBox } from "@/ui/search-box";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { type Admin, admin, newestFlag, ok, putFlag, useList, useMay } from "./api";

type Flag = Admin["Flag"];

const schema = z.object({
  key: z.string().check(
    z.trim(),
    z.regex(/^[a-z][a-z0-9_.]{0,62}$/, "flag_key"),
    z.refine((key) => key !== "export", "flag_key_reserved"),
  ),
  description: z.string().check(z.maxLength(500, "too_long")),
  percent: z.string().check(z.trim(), z.regex(/^(\d{1,2}|100)$/, "percent_range")),
  enabled: z.boolean(),
});
type Values = z.infer<typeof schema>;

const valuesOf = (flag: Flag | undefined): Values => ({
  key: flag?.key ?? "",
  description: flag?.description ?? "",
  percent: `${flag?.percent ?? 100}`,
  enabled: flag?.enabled ?? false,
});
const bodyOf = ({ description, percent, enabled }: Values) => ({ description, enabled, percent: Number(percent) });

const LABELS = {
  key: "admin.key",
  description: "admin.description",
  percent: "admin.shareLabel",
  enabled: "admin.flagSwitch",
} as const;
const TEXTS = ["description", "percent"] as const;

/** A flag that somebody else made meanwhile is not overwritten. */
async function make(values: Values): Promise<void> {
  try {
    await putFlag({ key: values.key, version: 0 }, bodyOf(values));
  } catch (error) {
    throw hasStatus(error, 412) ? new ApiProblem(409, "flag_key_taken", error.detail, [], error.requestId) : error;
  }
}

export function FlagDialog({ flag, onClose }: { flag?: Flag; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={flag ? flag.key : t("admin.newFlag")}
      lead={flag ? t("admin.flagLead") : t("admin.flagNewLead")}
    >
      <Form flag={flag} onClose={onClose} />
      {flag && <Named flag={flag} />}
    </Dialog>
  );
}

function Form({ flag, onClose }: { flag?: Flag; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("platform.settings.write");
  const { newer, update, theirs } = useBased(flag, valuesOf);
  const { form, onSubmit, busy, trouble, waiting } = useServerForm<Values>({
    schema,
    defaults: valuesOf(flag),
    codes: { flag_key_taken: "key" },
    submit: async (values) => {
      if (flag)
        await update(form, values, {
          send: (base, next) => putFlag(base ?? flag, bodyOf(next)),
          read: () => newestFlag(cache, flag.key),
        });
      else await make(values);
      await cache.invalidateQueries({ queryKey: ["admin"] });
      say(t("action.saved"));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer of={newer} label={(key) => t(LABELS[key])} texts={TEXTS} onTheirs={() => theirs(form)} />
      {!flag && (
        <TextField form={form} name="key" label={t("admin.key")} help={t("admin.flagKeyHelp")} autoFocus dir="ltr" />
      )}
      <TextField form={form} name="description" label={t("admin.description")} optional maxLength={500} />
      <TextField
        form={form}
        name="percent"
        label={t("admin.shareLabel")}
        help={t("admin.shareHelp")}
        inputMode="numeric"
        maxLength={3}
        dir="ltr"
      />
      <Switch
        label={t("admin.flagSwitch")}
        checked={form.watch("enabled")}
        onChange={(on) => form.setValue("enabled", on, { shouldDirty: true })}
        disabled={!writes}
      />
      {writes && (
        <footer className="mt-1 flex justify-end gap-2">
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look="primary" busy={busy} disabled={waiting > 0}>
            {flag ? t("action.save") : t("admin.newFlag")}
          </Button>
        </footer>
      )}
    </form>
  );
}

/** Accounts about which something of their own was said, and a way to name more. */
function Named({ flag }: { flag: Flag }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("platform.settings.write");
  const [search, setSearch] = useState("");
  const key = flag.key;
  const named = useQuery({
    queryKey: ["admin", "flags", key, "tenants"],
    queryFn: ({ signal }) => ok(admin.GET("/v1/flags/{key}/tenants", { params: { path: { key } }, signal })),
  });
  const clients = useList("/v1/clients", { search: search || "-", limit: 5 });
  const agencies = useList("/v1/agencies", { search: search || "-", limit: 5 });
  const known = new Set((named.data ?? []).map(({ tenant_id }) => tenant_id));
  const found = search
    ? [...agencies.rows, ...clients.rows].filter(({ id, state }) => !known.has(id) && state !== "deleted")
    : [];
  const set = async (id: string, enabled: boolean | undefined) => {
    try {
      await ok(admin.PUT("/v1/flags/{key}/tenants/{id}", { params: { path: { key, id } }, body: { enabled } }));
    } catch (error) {
      sayError(t("error.notSaved"), error instanceof Error ? error.message : undefined);
    }
    await cache.invalidateQueries({ queryKey: ["admin"] });
  };
  return (
    <section className="mt-5 border-line border-t pt-4">
      <h3 className="text-[14px] font-semibold">{t("admin.named")}</h3>
      {named.data?.length === 0 && <p className="mt-1 text-sm text-muted">{t("admin.noneNamed")}</p>}
      <ul className="mt-1.5 max-h-56 overflow-y-auto">
        {(named.data ?? []).map(({ tenant_id, name, enabled }) => (
          <li key={tenant_id} className="flex min-h-11 items-center gap-3 border-line border-b text-sm last:border-0">
            <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
            <Switch
              alone
              label={name}
              checked={enabled}
              disabled={!writes}
              onChange={(on) => void set(tenant_id, on)}
            />
            {writes && (
              <IconButton label={t("admin.forget", { name })} onClick={() => void set(tenant_id, undefined)}>
                <X />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {writes && (
        <div className="mt-2.5">
          <SearchBox
            className="w-64 max-md:w-full"
            value={search}
            onChange={setSearch}
            label={t("admin.nameAccount")}
          />
          <ul className="mt-1.5">
            {found.map(({ id, name, parent_name }) => (
              <li key={id} className="flex min-h-11 items-center gap-3 text-sm">
                <span className="min-w-0 flex-1 truncate">
                  <bdi>{name}</bdi>
                  {parent_name && <bdi className="text-muted"> · {parent_name}</bdi>}
                </span>
                <Button size="small" onClick={() => void set(id, true)}>
                  {t("admin.turnOn")}
                </Button>
                <Button size="small" onClick={() => void set(id, false)}>
                  {t("admin.turnOff")}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
