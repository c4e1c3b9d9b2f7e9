import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { tenant } from "@/api/queries";
import { LANGUAGES } from "@/i18n";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
  slug: z.string().check(z.trim(), z.regex(/^([a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9])?$/, "slug_invalid")),
  country: z.string().check(z.trim(), z.regex(/^([a-z]{2})?$/i, "country_invalid")),
  zone: z.string(),
  currency: z.string().check(z.trim(), z.regex(/^([a-z]{3})?$/i, "currency_invalid")),
  locale: z.string(),
});

export function NewClient({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("clients.newTitle")} lead={t("clients.newLead")}>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const agency = useQuery(tenant).data;
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: "", slug: "", country: "", zone: "", currency: "", locale: "" },
    submit: async ({ country, currency, ...rest }) => {
      const given = { ...rest, country: country.toUpperCase(), currency: currency.toUpperCase() };
      // What is left empty comes from the agency.
      const body = {
        name: rest.name,
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
      };
      const made = await ok(api.POST("/v1/clients", { body }));
      await cache.invalidateQueries({ queryKey: ["clients"] });
      say(t("clients.created", { name: made.name }));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField form={form} name="name" label={t("clients.nameLabel")} autoFocus maxLength={120} />
      <TextField form={form} name="slug" label={t("clients.slug")} help={t("clients.slugHelp")} optional dir="ltr" />
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <SelectField form={form} name="zone" label={t("clients.zone")} optional>
          <option value="">{agency ? `${t("clients.asAgency")} (${agency.zone})` : t("clients.asAgency")}</option>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </SelectField>
        <SelectField form={form} name="locale" label={t("clients.language")} optional>
          <option value="">{t("clients.asAgency")}</option>
          {Object.entries(LANGUAGES).map(([value, label]) => (
            <option key={value} value={value} lang={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <TextField
          form={form}
          name="country"
          label={t("clients.country")}
          help={t("clients.countryHelp")}
          placeholder={agency?.country ?? undefined}
          maxLength={2}
          optional
          dir="ltr"
        />
        <TextField
          form={form}
          name="currency"
          label={t("clients.currency")}
          placeholder={agency?.currency}
          maxLength={3}
          optional
          dir="ltr"
        />
      </div>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("clients.create")}
        </Button>
      </footer>
    </form>
  );
}
