import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useMemo, useState } from "react";
import { type UseFormReturn, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { inputLook } from "@/ui/input-look";
import { useMerge } from "@/ui/merge";
import { countries, currencies } from "@/ui/regions";
import { say } from "@/ui/toast";
import { type Company, company as one, SIZES, TIERS } from "../data";
import { FIELDS, patchOf, schema, type Values, valuesOf } from "./values";

export function EditCompany({ company, open, onClose }: { company: Company; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog wide open={open} onClose={onClose} title={t("companies.editTitle")}>
      <Form company={company} onClose={onClose} />
    </Dialog>
  );
}

function Form({ company, onClose }: { company: Company; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { locale } = useFormats();
  const { newer, guarded } = useMerge<Values>();
  // What the typed text is based on: news that arrive meanwhile do not change it, or they would be overwritten.
  const [base, setBase] = useState(company);
  const query = one(company.id);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(company),
    fields: FIELDS,
    submit: async (values) => {
      const body = patchOf(base, values);
      if (Object.keys(body).length > 0) {
        const params = { path: { id: base.id }, header: ifMatch(base.version) };
        const read = async () => {
          const theirs = await cache.fetchQuery({ ...query, staleTime: 0 });
          setBase(theirs);
          return valuesOf(theirs);
        };
        const fresh = await guarded(form, () => ok(api.PATCH("/v1/companies/{id}", { params, body })), read);
        cache.setQueryData(query.queryKey, fresh);
        void cache.invalidateQueries({ queryKey: ["companies"] });
        say(t("action.saved"));
      }
      onClose();
    },
  });
  const places = useMemo(() => countries(locale), [locale]);
  const monies = useMemo(() => currencies(locale), [locale]);
  const told = Object.entries(newer).map(
    ([key, value]) => `${t(`companies.field.${key as keyof Values}`)}: ${value || "–"}`,
  );
  const label = (key: keyof Values) => t(`companies.field.${key}`);
  const text = (name: keyof Values, more: object = {}) => (
    <TextField form={form} name={name} label={label(name)} optional {...more} />
  );
  const day = (name: keyof Values) => text(name, { type: "date", max: "2199-12-31", min: "1900-01-01" });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      {trouble}
      {told.length > 0 && (
        <p className="text-sm text-warning-text">{t("companies.newer", { values: told.join(", ") })}</p>
      )}
      <Group title={t("companies.who")}>
        {text("name", { optional: false, autoFocus: true, maxLength: 200 })}
        {text("legal_name")}
        {text("industry")}
        <SelectField form={form} name="size" label={label("size")} optional>
          <option value="">–</option>
          {SIZES.map((size) => (
            <option key={size} value={size}>
              {t("companies.employees", { size })}
            </option>
          ))}
        </SelectField>
        <SelectField form={form} name="tier" label={label("tier")} optional>
          <option value="">–</option>
          {TIERS.map((tier) => (
            <option key={tier} value={tier}>
              {t(`companies.tier.${tier}`)}
            </option>
          ))}
        </SelectField>
        {text("tax_id", { dir: "ltr" })}
      </Group>
      <Group title={t("companies.reach")}>
        {text("website", { dir: "ltr", inputMode: "url" })}
        {text("email", { type: "email", dir: "ltr" })}
        {text("phone", { type: "tel", dir: "ltr" })}
        {text("line1")}
        {text("line2")}
        {text("postal_code")}
        {text("city")}
        {text("region")}
        <SelectField form={form} name="country" label={label("country")} optional>
          <option value="">–</option>
          {places.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <Area form={form} name="profiles" label={label("profiles")} help={t("companies.profilesHelp")} dir="ltr" />
      </Group>
      <Group title={t("companies.contract")}>
        {text("annual_value", { inputMode: "decimal", dir: "ltr" })}
        {text("monthly_revenue", { inputMode: "decimal", dir: "ltr" })}
        <SelectField form={form} name="currency" label={label("currency")} optional>
          <option value="">–</option>
          {monies.map(({ code, name }) => (
            <option key={code} value={code}>
              {code} · {name}
            </option>
          ))}
        </SelectField>
        {day("client_since")}
        {day("renews_on")}
        {day("cancel_by")}
      </Group>
      <Area form={form} name="description" label={label("description")} dir="auto" maxLength={5000} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="snug mb-2.5 text-sm font-semibold">{title}</legend>
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">{children}</div>
    </fieldset>
  );
}

/** Text of several lines. */
function Area(props: {
  form: UseFormReturn<Values>;
  name: "description" | "profiles";
  label: string;
  help?: string;
  dir: "auto" | "ltr";
  maxLength?: number;
}) {
  const { form, name, label, help, dir, maxLength } = props;
  const id = useId();
  useFormState({ control: form.control, name });
  const message = form.getFieldState(name).error?.message;
  return (
    <FieldFrame
      id={id}
      label={label}
      optional
      help={help}
      error={message && sayProblem(message)}
      className={name === "profiles" ? "col-span-full" : undefined}
    >
      <textarea
        {...form.register(name)}
        id={id}
        rows={name === "profiles" ? 2 : 3}
        maxLength={maxLength}
        dir={dir}
        aria-invalid={message ? true : undefined}
        aria-describedby={message || help ? `${id}-say` : undefined}
        className={`${inputLook} block min-h-20 py-2 [field-sizing:content]`}
      />
    </FieldFrame>
  );
}
