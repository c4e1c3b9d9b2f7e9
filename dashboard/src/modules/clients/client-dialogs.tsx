import { useQueryClient } from "@tanstack/react-query";
import { CirclePause, Hourglass, Send, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import type { Client } from "./data";

interface Props {
  client: Client;
  open: boolean;
  onClose: () => void;
}

function useDone(onClose: () => void) {
  const cache = useQueryClient();
  return async (said: string) => {
    await Promise.all([
      cache.invalidateQueries({ queryKey: ["clients"] }),
      cache.invalidateQueries({ queryKey: ["transfers"] }),
    ]);
    say(said);
    onClose();
  };
}

function Footer(props: { onClose: () => void; busy: boolean; icon: ReactNode; danger?: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <footer className="mt-1 flex justify-end gap-2">
      <Button look="ghost" onClick={props.onClose}>
        {t("action.cancel")}
      </Button>
      <Button type="submit" look={props.danger ? "danger" : "primary"} icon={props.icon} busy={props.busy}>
        {props.children}
      </Button>
    </footer>
  );
}

const MODES = ["suspended", "read_only"] as const;
const REASON = z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(500, "too_long"));

export function SuspendClient({ client, open, onClose }: Props) {
  const { t } = useTranslation();
  const title = t("clients.suspendTitle", { name: client.name });
  return (
    <Dialog open={open} onClose={onClose} title={title} lead={t("clients.suspendText")}>
      <SuspendForm client={client} onClose={onClose} />
    </Dialog>
  );
}

function SuspendForm({ client, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const done = useDone(onClose);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema: z.object({ reason: REASON, mode: z.enum(MODES) }),
    defaults: { reason: "", mode: MODES[0] as (typeof MODES)[number] },
    submit: async (body) => {
      await ok(api.POST("/v1/clients/{id}/suspension", { params: { path: { id: client.id } }, body }));
      await done(t("clients.suspended", { name: client.name }));
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <SelectField form={form} name="mode" label={t("clients.mode")}>
        <option value="suspended">{t("clients.modeSuspended")}</option>
        <option value="read_only">{t("clients.modeReadOnly")}</option>
      </SelectField>
      <TextField form={form} name="reason" label={t("clients.reason")} help={t("clients.reasonHelp")} autoFocus />
      <Footer onClose={onClose} busy={busy} icon={<CirclePause />} danger>
        {t("clients.suspend")}
      </Footer>
    </form>
  );
}

/** Nothing, or 0 to 365 days. */
export const TRIAL_DAYS = z.string().check(z.trim(), z.regex(/^([12]?\d?\d|3[0-5]\d|36[0-5])?$/, "trial_range"));

export function TrialClient({ client, open, onClose }: Props) {
  const { t } = useTranslation();
  const title = t("clients.trialTitle", { name: client.name });
  return (
    <Dialog open={open} onClose={onClose} title={title} lead={t("clients.trialLead")}>
      <TrialForm client={client} onClose={onClose} />
    </Dialog>
  );
}

function TrialForm({ client, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const done = useDone(onClose);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema: z.object({ days: TRIAL_DAYS }),
    defaults: { days: client.trial_days?.toString() ?? "" },
    submit: async ({ days }) => {
      const body = days === "" ? {} : { days: Number(days) };
      await ok(api.PUT("/v1/clients/{id}/trial", { params: { path: { id: client.id } }, body }));
      await done(t("clients.trialSaved", { name: client.name }));
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="days"
        label={t("clients.trialDays")}
        help={t("clients.trialDaysHelp")}
        optional
        autoFocus
        inputMode="numeric"
        dir="ltr"
      />
      <Footer onClose={onClose} busy={busy} icon={<Hourglass />}>
        {t("action.save")}
      </Footer>
    </form>
  );
}

export function OfferClient({ client, open, onClose }: Props) {
  const { t } = useTranslation();
  const title = t("clients.offerTitle", { name: client.name });
  return (
    <Dialog open={open} onClose={onClose} title={title} lead={t("clients.offerText")}>
      <OfferForm client={client} onClose={onClose} />
    </Dialog>
  );
}

function OfferForm({ client, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const done = useDone(onClose);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema: z.object({
      agency_id: z.string().check(z.trim(), z.regex(/^ten_[0-9a-z]{26}$/, "agency_id_invalid")),
      note: z.string().check(z.trim(), z.maxLength(500, "too_long")),
    }),
    defaults: { agency_id: "", note: "" },
    submit: async ({ agency_id, note }) => {
      await ok(api.POST("/v1/transfers", { body: { client_id: client.id, agency_id, ...(note && { note }) } }));
      await done(t("clients.offerMade", { name: client.name }));
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="agency_id"
        label={t("clients.agencyId")}
        help={t("clients.agencyIdHelp")}
        autoFocus
        dir="ltr"
        spellCheck={false}
        className="font-mono"
      />
      <TextField form={form} name="note" label={t("clients.offerNote")} optional maxLength={500} />
      <Footer onClose={onClose} busy={busy} icon={<Send />}>
        {t("clients.offer")}
      </Footer>
    </form>
  );
}

export function DeleteClient({ client, open, onClose }: Props) {
  const { t } = useTranslation();
  const title = t("clients.deleteTitle", { name: client.name });
  return (
    <Dialog open={open} onClose={onClose} title={title} lead={t("clients.deleteText")}>
      <DeleteForm client={client} onClose={onClose} />
    </Dialog>
  );
}

/** Days until nothing is left; until then it can be called off. */
const DAYS = [7, 14, 30, 90] as const;

function DeleteForm({ client, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const done = useDone(onClose);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema: z.object({
      confirm_name: z.string().check(z.trim(), z.minLength(1, "required")),
      reason: REASON,
      days: z.string(),
    }),
    defaults: { confirm_name: "", reason: "", days: "7" },
    submit: async ({ days, ...rest }) => {
      const body = { ...rest, days: Number(days) };
      await ok(api.POST("/v1/clients/{id}/deletion", { params: { path: { id: client.id } }, body }));
      await done(t("clients.deletionAsked", { name: client.name }));
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <SelectField form={form} name="days" label={t("clients.deleteAfter")}>
        {DAYS.map((count) => (
          <option key={count} value={count}>
            {t("clients.days", { count })}
          </option>
        ))}
      </SelectField>
      <TextField form={form} name="reason" label={t("clients.reason")} />
      <TextField
        form={form}
        name="confirm_name"
        label={t("clients.confirmName", { name: client.name })}
        autoComplete="off"
        spellCheck={false}
      />
      <Footer onClose={onClose} busy={busy} icon={<Trash2 />} danger>
        {t("clients.delete")}
      </Footer>
    </form>
  );
}
