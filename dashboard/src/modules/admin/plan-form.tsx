import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { ifMatch } from "@/api/client";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Switch } from "@/ui/switch";
import { say } from "@/ui/toast";
import { type Admin, admin, ok, plans } from "./api";
import { hasKey } from "./names";
import { digitsOf } from "@/ui/money";

type Plan = Admin["PlatformPlan"];

/** Modules a plan may leave out; the others every account has. A test compares them with those of the API. */
export const MODULES = [
  "contacts",
  "companies",
  "activities",
  "attachments",
  "deals",
  "tasks",
  "followups",
  "occasions",
  "forms",
  "fields",
  "segments",
  "scores",
  "reports",
  "messaging",
];
export const LIMITS = ["contacts", "members", "clients", "widgets", "domains", "storage_mb"];

const whole = z.string().check(z.trim(), z.regex(/^\d*$/, "whole_number"), z.maxLength(12, "too_long"));
const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "too_long")),
  key: z.string().check(z.trim(), z.regex(/^[a-z][a-z0-9_]{0,62}$/, "key_invalid")),
  description: z.string().check(z.maxLength(500, "too_long")),
  price: z.string().check(z.trim(), z.regex(/^\d{1,9}([.,]\d{1,3})?$/, "price_invalid")),
  currency: z.string().check(z.trim(), z.regex(/^[A-Za-z]{3}$/, "currency_invalid")),
  trial_days: z.string().check(z.trim(), z.regex(/^([0-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-5])$/, "trial_range")),
  level: z.string(),
  limits: z.record(z.string(), whole),
  /** Nothing is every module. */
  modules: z.nullable(z.array(z.string())),
  active: z.boolean(),
});
type Values = z.infer<typeof schema>;

export function valuesOf(plan: Plan | undefined): Values {
  const kept = (plan?.limits ?? {}) as Record<string, number>;
  const names = [...new Set([...LIMITS, ...Object.keys(kept)])];
  return {
    name: plan?.name ?? "",
    key: plan?.key ?? "",
    description: plan?.description ?? "",
    price: plan ? `${plan.price_minor / 10 ** digitsOf(plan.currency)}` : "0",
    currency: plan?.currency ?? "USD",
    trial_days: `${plan?.trial_days ?? 14}`,
    level: `${plan?.level ?? 1}`,
    limits: Object.fromEntries(names.map((name) => [name, kept[name] === undefined ? "" : `${kept[name]}`])),
    modules: Array.isArray(plan?.modules) ? (plan.modules as string[]) : null,
    active: plan?.active ?? true,
  };
}

export function bodyOf({ price, modules, ...values }: Values) {
  const currency = values.currency.toUpperCase();
  const limits = Object.entries(values.limits).filter(([, most]) => most !== "");
  return {
    ...values,
    level: Number(values.level),
    limits: Object.fromEntries(limits.map(([name, most]) => [name, Number(most)])),
    ...(modules && { modules }),
    price_minor: Math.round(Number(price.replace(",", ".")) * 10 ** digitsOf(currency)),
    currency,
    trial_days: Number(values.trial_days),
  };
}

/** A number of one currency is another price in another one. */
export const PRICE = ["price", "currency"] as const;
const LABELS = {
  name: "field.name",
  key: "admin.key",
  description: "admin.description",
  price: "admin.priceMonth",
  currency: "admin.currency",
  trial_days: "admin.trialLabel",
  level: "admin.level",
  limits: "admin.limits",
  modules: "admin.modules",
  active: "admin.onOffer",
} as const;
const TEXTS = ["name", "key", "description", "price", "currency", "trial_days", "level"] as const;

export function PlanDialog({ plan, onClose }: { plan?: Plan; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={plan ? t("admin.editOne", { name: plan.name }) : t("admin.newPlan")}
      lead={plan && plan.accounts > 0 ? t("admin.planNotice", { count: plan.accounts }) : t("admin.planNew")}
    >
      <Form plan={plan} onClose={onClose} />
    </Dialog>
  );
}

function Form({ plan, onClose }: { plan?: Plan; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { newer, update, theirs } = useBased(plan, valuesOf, PRICE);
  const { form, onSubmit, busy, trouble, waiting } = useServerForm<Values>({
    schema,
    defaults: valuesOf(plan),
    codes: { plan_key_taken: "key" },
    fields: { "/price_minor": "price" },
    submit: async (values) => {
      if (plan) {
        await update(form, values, {
          send: (base, next) => {
            const params = { path: { id: plan.id }, header: ifMatch(base?.version) };
            return ok(admin.PUT("/v1/plans/{id}", { params, body: bodyOf(next) }));
          },
          read: async () => {
            const newest = await cache.fetchQuery({ ...plans, staleTime: 0 });
            return newest.find(({ id }) => id === plan.id);
          },
        });
      } else await ok(admin.POST("/v1/plans", { body: bodyOf(values) }));
      await cache.invalidateQueries({ queryKey: ["admin"] });
      say(plan ? t("action.saved") : t("admin.planMade", { name: values.name }));
      onClose();
    },
  });
  const { modules, active, limits } = form.watch();
  const wrong = form.formState.errors.modules?.message;
  const setModules = (next: string[] | null) => form.setValue("modules", next, { shouldDirty: true });
  const choose = (module: string, on: boolean) => {
    const all = modules ?? MODULES;
    setModules(on ? [...all, module] : all.filter((name) => name !== module));
  };
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer of={newer} label={(key) => t(LABELS[key])} texts={TEXTS} onTheirs={() => theirs(form)} />
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <TextField form={form} name="name" label={t("field.name")} autoFocus maxLength={120} />
        <TextField form={form} name="key" label={t("admin.key")} help={t("admin.keyHelp")} dir="ltr" maxLength={63} />
      </div>
      <TextField form={form} name="description" label={t("admin.description")} optional maxLength={500} />
      <div className="grid grid-cols-4 items-start gap-3.5 max-sm:grid-cols-2">
        <TextField form={form} name="price" label={t("admin.priceMonth")} inputMode="decimal" dir="ltr" />
        <TextField form={form} name="currency" label={t("admin.currency")} maxLength={3} dir="ltr" />
        <TextField form={form} name="trial_days" label={t("admin.trialLabel")} inputMode="numeric" dir="ltr" />
        <SelectField form={form} name="level" label={t("admin.level")}>
          {[0, 1, 2, 3, 4].map((level) => (
            <option key={level} value={level}>
              {level}
            </option>
          ))}
        </SelectField>
      </div>
      <fieldset className="grid grid-cols-4 items-start gap-3.5 max-sm:grid-cols-2">
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("admin.limitsHelp")}</legend>
        {Object.keys(limits).map((name) => (
          <TextField
            key={name}
            form={form}
            name={`limits.${name}`}
            label={hasKey(t, `admin.limit.${name}`) ?? name}
            inputMode="numeric"
            optional
            dir="ltr"
          />
        ))}
      </fieldset>
      <fieldset>
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("admin.modules")}</legend>
        <Switch
          label={t("admin.allModules")}
          checked={modules === null}
          onChange={(all) => setModules(all ? null : MODULES)}
        />
        {modules && (
          <ul className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2.5">
            {[...new Set([...MODULES, ...modules])].map((module) => {
              const label = hasKey(t, `module.${module}`) ?? module;
              return (
                <li key={module} className="flex min-h-8 items-center gap-2.5 text-sm coarse:min-h-11">
                  <Checkbox label={label} checked={modules.includes(module)} onChange={(on) => choose(module, on)} />
                  <span aria-hidden="true">{label}</span>
                </li>
              );
            })}
          </ul>
        )}
        {wrong && (
          <p role="alert" className="mt-1.5 text-[12.5px] text-danger-text">
            {wrong}
          </p>
        )}
      </fieldset>
      <Switch
        label={t("admin.onOffer")}
        checked={active}
        onChange={(on) => form.setValue("active", on, { shouldDirty: true })}
      />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy} disabled={waiting > 0}>
          {plan ? t("action.save") : t("admin.newPlan")}
        </Button>
      </footer>
    </form>
  );
}
