import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { SearchBox } from "@/ui/search-box";
import { say } from "@/ui/toast";
import { useFormats } from "@/i18n/format";
import { type Admin, admin, ok, plans, useList } from "./api";
import { money } from "@/ui/money";

interface Props {
  account: Admin["Account"];
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

const reason = z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(500, "too_long"));

function Frame(props: {
  title: string;
  lead: ReactNode;
  verb: string;
  danger?: boolean;
  busy: boolean;
  off?: boolean;
  onSubmit: (event?: FormEvent) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open onClose={props.onClose} title={props.title} lead={props.lead}>
      <form onSubmit={props.onSubmit} noValidate className="flex flex-col gap-3.5">
        {props.children}
        <footer className="mt-1 flex justify-end gap-2">
          <Button look="ghost" onClick={props.onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" look={props.danger ? "danger" : "primary"} busy={props.busy} disabled={props.off}>
            {props.verb}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

const stop = z.object({ state: z.string(), reason });

/** Reading only, or nothing at all; the agency reads why. */
export function StopForm({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { id, name } = account;
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: stop,
    defaults: { state: account.state === "read_only" ? "read_only" : "suspended", reason: account.stop_reason ?? "" },
    submit: async (values) => {
      const body = { reason: values.reason, state: values.state as "read_only" | "suspended" };
      await ok(admin.PUT("/v1/accounts/{id}/suspension", { params: { path: { id } }, body }));
      await onDone();
      say(t("admin.stopped", { name }));
      onClose();
    },
  });
  return (
    <Frame
      title={t("admin.stopTitle", { name })}
      lead={account.kind === "agency" ? t("admin.stopAgencyLead") : t("admin.stopLead")}
      verb={t("admin.stop")}
      danger
      off={waiting > 0}
      {...{ busy, onSubmit, onClose }}
    >
      {trouble}
      <SelectField form={form} name="state" label={t("admin.howFar")}>
        <option value="suspended">{t("admin.stopAll")}</option>
        <option value="read_only">{t("admin.stopWrites")}</option>
      </SelectField>
      <TextField
        form={form}
        name="reason"
        label={t("admin.reason")}
        help={t("admin.reasonShown")}
        autoFocus
        maxLength={500}
      />
    </Frame>
  );
}

const choice = z.object({ plan: z.string() });

export function PlanForm({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const formats = useFormats();
  const known = useQuery(plans).data ?? [];
  const { id, name } = account;
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: choice,
    defaults: { plan: account.plan_id ?? "" },
    fields: { "/plan_id": "plan" },
    submit: async ({ plan }) => {
      const body = plan ? { plan_id: plan } : {};
      await ok(admin.PUT("/v1/accounts/{id}/plan", { params: { path: { id } }, body }));
      await onDone();
      say(t("admin.planChanged", { name }));
      onClose();
    },
  });
  return (
    <Frame
      title={t("admin.planTitle", { name })}
      lead={t("admin.planLead")}
      verb={t("admin.changePlan")}
      off={waiting > 0}
      {...{ busy, onSubmit, onClose }}
    >
      {trouble}
      {/* The list comes after the form: what is chosen is chosen by its value. */}
      <SelectField key={known.length} form={form} name="plan" label={t("admin.plan")}>
        <option value="">{account.kind === "client" ? t("admin.planOfAgency") : t("admin.noPlanChoice")}</option>
        {known
          .filter((plan) => plan.active || plan.id === account.plan_id)
          .map((plan) => (
            <option key={plan.id} value={plan.id}>
              {plan.name} · {money(plan.price_minor, plan.currency, formats.locale)}
            </option>
          ))}
      </SelectField>
    </Frame>
  );
}

const trial = z.object({
  days: z.string().check(z.trim(), z.regex(/^([12]?\d?\d|3[0-5]\d|36[0-5])?$/, "trial_range")),
});

/** How long an account tries its plan, counted from its opening. */
export function TrialForm({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { id, name } = account;
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: trial,
    defaults: { days: account.trial_days?.toString() ?? "" },
    submit: async ({ days }) => {
      const body = days === "" ? {} : { days: Number(days) };
      await ok(admin.PUT("/v1/accounts/{id}/trial", { params: { path: { id } }, body }));
      await onDone();
      say(t("admin.trialChanged", { name }));
      onClose();
    },
  });
  return (
    <Frame
      title={t("admin.trialTitle", { name })}
      lead={t("admin.trialLead")}
      verb={t("action.save")}
      off={waiting > 0}
      {...{ busy, onSubmit, onClose }}
    >
      {trouble}
      <TextField
        form={form}
        name="days"
        label={t("admin.trialLabel")}
        help={t("admin.trialHelp")}
        optional
        autoFocus
        inputMode="numeric"
        dir="ltr"
      />
    </Frame>
  );
}

/** A client goes to another agency, at once and with everything. */
export function TransferForm({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { id, name } = account;
  const [search, setSearch] = useState("");
  const found = useList("/v1/agencies", { limit: 20, filter: ["state:eq:active"], ...(search && { search }) });
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: z.object({ agency: z.string().check(z.minLength(1, "required")) }),
    defaults: { agency: "" },
    fields: { "/agency_id": "agency" },
    submit: async ({ agency }) => {
      const body = { agency_id: agency };
      await ok(admin.PUT("/v1/accounts/{id}/transfer", { params: { path: { id } }, body }));
      await onDone();
      say(t("admin.transferred", { name }));
      onClose();
    },
  });
  return (
    <Frame
      title={t("admin.transferTitle", { name })}
      lead={t("admin.transferLead", { agency: account.parent_name ?? "" })}
      verb={t("admin.transfer")}
      off={waiting > 0}
      {...{ busy, onSubmit, onClose }}
    >
      {trouble}
      <SearchBox className="w-64 max-md:w-full" value={search} onChange={setSearch} label={t("admin.searchAgency")} />
      <SelectField form={form} name="agency" label={t("admin.receiving")}>
        <option value="">{t("admin.chooseAgency")}</option>
        {found.rows
          .filter((agency) => agency.id !== account.parent_id)
          .map((agency) => (
            <option key={agency.id} value={agency.id}>
              {agency.name}
            </option>
          ))}
      </SelectField>
    </Frame>
  );
}

/** The end of an account: its name is typed, because there is no way back once the days are over. */
export function DeleteForm({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { id, name } = account;
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: z.object({ reason, days: z.string().check(z.regex(/^\d{1,2}$/, "days_range")), name: z.string() }),
    defaults: { reason: "", days: "30", name: "" },
    submit: async (values) => {
      if (values.name.trim() !== name.trim()) {
        form.setError("name", { message: "name_differs" }, { shouldFocus: true });
        return;
      }
      const body = { reason: values.reason, days: Number(values.days) };
      await ok(admin.PUT("/v1/accounts/{id}/deletion", { params: { path: { id } }, body }));
      await onDone();
      say(t("admin.deletionAsked", { name }));
      onClose();
    },
  });
  return (
    <Frame
      title={t("admin.deleteTitle", { name })}
      lead={t("admin.deleteLead")}
      verb={t("admin.delete")}
      danger
      off={waiting > 0}
      {...{ busy, onSubmit, onClose }}
    >
      {trouble}
      <TextField form={form} name="reason" label={t("admin.reason")} autoFocus maxLength={500} />
      <TextField
        form={form}
        name="days"
        label={t("admin.days")}
        help={t("admin.daysHelp")}
        inputMode="numeric"
        dir="ltr"
      />
      <TextField
        form={form}
        name="name"
        label={t("admin.typeName")}
        help={<bdi>{name}</bdi>}
        autoComplete="off"
        spellCheck={false}
      />
    </Frame>
  );
}
