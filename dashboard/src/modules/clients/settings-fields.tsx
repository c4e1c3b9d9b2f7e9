import { useMemo } from "react";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { useFormats } from "@/i18n/format";
import { SelectField, TextField } from "@/ui/field";
import { countries, currencies } from "@/ui/regions";

interface Values extends FieldValues {
  name: string;
  slug: string;
  country: string;
  zone: string;
  currency: string;
  locale: string;
}

/** What a client is called and set to. With an agency, what is left empty comes from it. */
export function SettingsFields<V extends Values>(props: {
  form: UseFormReturn<V>;
  agency?: { zone: string; country?: string | null; currency: string };
  focus?: boolean;
}) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { form, agency, focus } = props;
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const places = useMemo(() => countries(locale), [locale]);
  const monies = useMemo(() => currencies(locale), [locale]);
  const optional = agency !== undefined;
  const as = (value?: string | null) => (value ? `${t("clients.asAgency")} (${value})` : t("clients.asAgency"));
  const at = (name: keyof Values) => name as Path<V>;
  const values = form.getValues();
  return (
    <>
      <TextField form={form} name={at("name")} label={t("clients.nameLabel")} autoFocus={focus} maxLength={120} />
      <TextField
        form={form}
        name={at("slug")}
        label={t("clients.slug")}
        help={optional ? t("clients.slugHelp") : undefined}
        optional={optional}
        dir="ltr"
        maxLength={63}
      />
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <SelectField form={form} name={at("zone")} label={t("clients.zone")} optional={optional}>
          {optional && <option value="">{as(agency.zone)}</option>}
          {!optional && !zones.includes(values.zone) && <option value={values.zone}>{values.zone}</option>}
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </SelectField>
        <SelectField form={form} name={at("locale")} label={t("clients.language")} optional={optional}>
          {optional && <option value="">{t("clients.asAgency")}</option>}
          {!optional && !(values.locale in LANGUAGES) && <option value={values.locale}>{values.locale}</option>}
          {Object.entries(LANGUAGES).map(([value, label]) => (
            <option key={value} value={value} lang={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <SelectField
          form={form}
          name={at("country")}
          label={t("clients.country")}
          help={t("clients.countryHelp")}
          optional
        >
          <option value="">{optional ? as(agency.country) : "–"}</option>
          {places.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField form={form} name={at("currency")} label={t("clients.currency")} optional={optional}>
          {optional && <option value="">{as(agency.currency)}</option>}
          {monies.map(({ code, name }) => (
            <option key={code} value={code}>
              {code} · {name}
            </option>
          ))}
        </SelectField>
      </div>
    </>
  );
}
