import { useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { inputLook } from "@/ui/input-look";
import { say } from "@/ui/toast";
import type { Contact } from "../data";
import { purposeKey, purposeOf } from "./ledger";

type State = Schema["ConsentState"];
const WAYS = ["email", "sms", "phone", "whatsapp"] as const;
/** What is asked for most often; any other word does as well. */
const USUAL = ["newsletter", "marketing", "appointments", "profiling"];

/** What the dialog begins with. */
export interface Asked {
  state: State;
  purpose?: string;
  channel?: string | null;
}

const schema = z.object({
  state: z.enum(["granted", "withdrawn"]),
  purpose: z.string().check(
    z.trim(),
    z.refine((words) => purposeKey(words) !== "", { error: "required" }),
  ),
  channel: z.string(),
  note: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(500, "too_long")),
  text: z.string().check(z.trim(), z.maxLength(5000, "too_long")),
  text_version: z.string().check(z.trim(), z.maxLength(100, "too_long")),
});

/** A line for the ledger that somebody said by word, on paper or by mail. It cannot be taken back, only followed. */
export function RecordConsent(props: {
  contact: Contact;
  asked: Asked | undefined;
  /** Purposes that this person was asked about before. */
  purposes: readonly string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { asked } = props;
  return (
    <Dialog
      open={asked !== undefined}
      onClose={props.onClose}
      title={t(asked?.state === "withdrawn" ? "contacts.consentWithdrawTitle" : "contacts.consentRecord")}
      lead={t("contacts.consentLead")}
    >
      {asked && <Form {...props} asked={asked} />}
    </Dialog>
  );
}

function Form(props: { contact: Contact; asked: Asked; purposes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { contact, asked, onClose } = props;
  const known = useId();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: {
      state: asked.state,
      purpose: asked.purpose?.replaceAll("_", " ") ?? "",
      channel: asked.channel ?? "",
      note: "",
      text: "",
      text_version: "",
    },
    fields: { "/evidence/note": "note" },
    submit: async ({ purpose, channel, note, ...line }) => {
      const body = {
        state: line.state,
        purpose: purposeKey(purpose),
        evidence: { note },
        ...(channel && { channel: channel as (typeof WAYS)[number] }),
        ...(line.text && { text: line.text }),
        ...(line.text_version && { text_version: line.text_version }),
      };
      await ok(api.POST("/v1/contacts/{id}/consents", { params: { path: { id: contact.id } }, body }));
      void cache.invalidateQueries({ queryKey: ["contacts", "one", contact.id] });
      say(t(line.state === "granted" ? "contacts.granted" : "contacts.withdrawn", { purpose: purposeOf(body) }));
      onClose();
    },
  });
  const fixed = asked.purpose !== undefined;
  const offered = [...new Set([...props.purposes, ...USUAL])];
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      {!fixed && (
        <SelectField form={form} name="state" label={t("contacts.consentState")}>
          <option value="granted">{t("contacts.consentGiven")}</option>
          <option value="withdrawn">{t("contacts.consentTaken")}</option>
        </SelectField>
      )}
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <TextField
          form={form}
          name="purpose"
          label={t("contacts.consentPurpose")}
          list={known}
          readOnly={fixed}
          autoFocus={!fixed}
          maxLength={63}
          autoComplete="off"
        />
        <SelectField form={form} name="channel" label={t("contacts.consentChannel")} optional>
          <option value="">{t("contacts.consentAnyChannel")}</option>
          {WAYS.map((way) => (
            <option key={way} value={way}>
              {t(`contacts.channel.${way}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <datalist id={known}>
        {offered.map((purpose) => (
          <option key={purpose} value={purpose.replaceAll("_", " ")} />
        ))}
      </datalist>
      <TextField
        form={form}
        name="note"
        label={t("contacts.consentNote")}
        help={t("contacts.consentNoteHelp")}
        autoFocus={fixed}
        dir="auto"
        maxLength={500}
      />
      <Wording form={form} label={t("contacts.consentText")} />
      <TextField form={form} name="text_version" label={t("contacts.consentVersion")} optional dir="auto" />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("contacts.consentEnter")}
        </Button>
      </footer>
    </form>
  );
}

function Wording({
  form,
  label,
}: {
  form: ReturnType<typeof useServerForm<z.infer<typeof schema>>>["form"];
  label: string;
}) {
  const id = useId();
  const message = form.formState.errors.text?.message;
  return (
    <FieldFrame id={id} label={label} optional error={message && sayProblem(message)}>
      <textarea
        {...form.register("text")}
        id={id}
        rows={2}
        maxLength={5000}
        dir="auto"
        aria-invalid={message ? true : undefined}
        aria-describedby={message ? `${id}-say` : undefined}
        className={`${inputLook} block min-h-16 py-2 [field-sizing:content]`}
      />
    </FieldFrame>
  );
}
