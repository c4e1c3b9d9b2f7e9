import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { say } from "@/ui/toast";
import { type Client, client as one } from "./data";
import { SettingsFields } from "./settings-fields";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
  slug: z.string().check(z.trim(), z.regex(/^$|^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "slug_invalid")),
  country: z.string(),
  zone: z.string(),
  currency: z.string(),
  locale: z.string(),
});
type Values = z.infer<typeof schema>;

const valuesOf = ({ name, slug, country, zone, currency, locale }: Client): Values => ({
  name,
  slug: slug ?? "",
  country: country ?? "",
  zone,
  currency,
  locale,
});

export function EditClient(props: { client: Client; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("clients.editTitle", { name: props.client.name })}>
      <Form {...props} />
    </Dialog>
  );
}

function Form({ client, onClose }: { client: Client; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { newer, update } = useBased(client, valuesOf);
  const query = one(client.id);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(client),
    codes: { slug_taken: "slug" },
    submit: async (values) => {
      const fresh = await update(form, values, {
        send: (base, next) => {
          const before = valuesOf(base);
          const changed = Object.entries(next).filter(([key, value]) => value !== before[key as keyof Values]);
          const body: Schema["TenantPatch"] = Object.fromEntries(changed.map(([key, value]) => [key, value || null]));
          const params = { path: { id: client.id }, header: ifMatch(base.version) };
          return ok(api.PATCH("/v1/clients/{id}", { params, body }));
        },
        read: () => cache.fetchQuery({ ...query, staleTime: 0 }),
      });
      cache.setQueryData(query.queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["clients"] });
      say(t("action.saved"));
      onClose();
    },
  });
  const told = Object.entries(newer).map(([key, value]) => `${t(`clients.field.${key as keyof Values}`)}: ${value}`);
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      {told.length > 0 && (
        <p className="text-sm text-warning-text">{t("clients.newer", { values: told.join(", ") })}</p>
      )}
      <SettingsFields form={form} focus />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy} disabled={!form.formState.isDirty}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
