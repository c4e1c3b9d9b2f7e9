import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { me, tenant } from "@/api/queries";
import { useMay } from "@/app/may";
import { LANGUAGES } from "@/i18n";
import { formats, useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Panel } from "@/ui/panel";
import { countries, currencies } from "@/ui/regions";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { About } from "./about";
import { Section } from "./section";

type Tenant = Schema["Tenant"];

const SLUG = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** A name in addresses can be changed, not taken away. */
const schemaOf = (place: Tenant) =>
  z.object({
    name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
    slug: z
      .string()
      .check(z.trim(), z.regex(place.slug ? SLUG : /^$|^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "slug_invalid")),
    zone: z.string(),
    locale: z.string(),
    country: z.string(),
    currency: z.string(),
  });
type Values = z.infer<ReturnType<typeof schemaOf>>;

const valuesOf = (place: Tenant): Values => ({
  name: place.name,
  slug: place.slug ?? "",
  zone: place.zone,
  locale: place.locale,
  country: place.country ?? "",
  currency: place.currency,
});

export function GeneralPage() {
  const query = useQuery(tenant);
  return (
    <Section id="general">
      {query.data ? (
        <>
          <Form place={query.data} />
          <About place={query.data} />
        </>
      ) : (
        <Panel bare>
          {query.isError ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows rows={6} tall />
          )}
        </Panel>
      )}
    </Section>
  );
}

function Form({ place }: { place: Tenant }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("tenants.write");
  const { newer, update } = useBased(place, valuesOf);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema: schemaOf(place),
    defaults: valuesOf(place),
    codes: { slug_taken: "slug" },
    submit: async (values) => {
      const fresh = await update(form, values, {
        send: (base, next) => {
          const before = valuesOf(base);
          const changed = Object.entries(next).filter(([key, value]) => value !== before[key as keyof Values]);
          const body: Schema["TenantPatch"] = Object.fromEntries(changed.map(([key, value]) => [key, value || null]));
          return ok(api.PATCH("/v1/tenants/current", { params: { header: ifMatch(base.version) }, body }));
        },
        read: () => cache.fetchQuery({ ...tenant, staleTime: 0 }),
      });
      cache.setQueryData(tenant.queryKey, fresh);
      // Its name stands in the rail and in the switcher.
      void cache.invalidateQueries({ queryKey: me.queryKey });
      form.reset(valuesOf(fresh));
      say(t("action.saved"));
    },
  });
  const dirty = form.formState.isDirty;
  const help = (field: keyof Values, label: string, otherwise?: string) => {
    const value = newer[field];
    return value === undefined ? otherwise : t("settings.general.newer", { field: label, value });
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <fieldset disabled={!writes} className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
        <Panel title={t("settings.general.own")} note={t("settings.general.ownNote")}>
          <div className="flex flex-col gap-3.5">
            <TextField
              form={form}
              name="name"
              label={t("settings.general.name")}
              help={help("name", t("settings.general.name"))}
              maxLength={120}
              autoComplete="organization"
            />
            <TextField
              form={form}
              name="slug"
              label={t("settings.general.slug")}
              help={help("slug", t("settings.general.slug"), t("settings.general.slugHelp"))}
              dir="ltr"
              maxLength={63}
            />
          </div>
        </Panel>
        <Panel title={t("settings.general.where")} note={t("settings.general.whereNote")}>
          <Where form={form} help={help} />
        </Panel>
        {trouble}
        <footer className="flex items-center justify-end gap-3">
          {!writes && <p className="text-sm text-muted">{t("settings.general.readOnly")}</p>}
          {dirty && (
            <Button look="ghost" onClick={() => form.reset()}>
              {t("action.cancel")}
            </Button>
          )}
          <Button type="submit" look="primary" busy={busy} disabled={!writes || !dirty}>
            {t("action.save")}
          </Button>
        </footer>
      </fieldset>
    </form>
  );
}

function Where(props: {
  form: ReturnType<typeof useServerForm<Values>>["form"];
  help: (field: keyof Values, label: string, otherwise?: string) => string | undefined;
}) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { form, help } = props;
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const places = useMemo(() => countries(locale), [locale]);
  const monies = useMemo(() => currencies(locale), [locale]);
  const [zone, spoken, money] = form.watch(["zone", "locale", "currency"]);
  const languages: Record<string, string> = { ...(spoken in LANGUAGES ? {} : { [spoken]: spoken }), ...LANGUAGES };
  const clock = zone ? formats(locale, zone).time(new Date()) : "";
  return (
    <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
      <SelectField
        form={form}
        name="zone"
        label={t("settings.general.zone")}
        help={help("zone", t("settings.general.zone"), t("settings.general.zoneHelp", { time: clock }))}
      >
        {!zones.includes(zone) && <option value={zone}>{zone}</option>}
        {zones.map((each) => (
          <option key={each} value={each}>
            {each.replaceAll("_", " ")}
          </option>
        ))}
      </SelectField>
      <SelectField
        form={form}
        name="locale"
        label={t("settings.general.language")}
        help={help("locale", t("settings.general.language"), t("settings.general.languageHelp"))}
      >
        {Object.entries(languages).map(([value, label]) => (
          <option key={value} value={value} lang={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        form={form}
        name="country"
        label={t("settings.general.country")}
        help={help("country", t("settings.general.country"), t("settings.general.countryHelp"))}
        optional
      >
        <option value="">{t("settings.general.noCountry")}</option>
        {places.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        form={form}
        name="currency"
        label={t("settings.general.currency")}
        help={help("currency", t("settings.general.currency"), t("settings.general.currencyHelp"))}
      >
        {!monies.some(({ code }) => code === money) && <option value={money}>{money}</option>}
        {monies.map(({ code, name }) => (
          <option key={code} value={code}>
            {code} · {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
