import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { ApiProblem } from "@/api/problem";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import { type Contact, type Patch, useContactPatch } from "./data";

const line = z.string().check(z.trim(), z.maxLength(300, "too_long"));
const schema = z.object({
  first_name: line,
  last_name: line,
  company_name: line,
  job_title: line,
  email: line,
  phone: line,
});

export function EditContact({ contact, open, onClose }: { contact: Contact; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("contacts.editTitle")}>
      <Form contact={contact} onClose={onClose} />
    </Dialog>
  );
}

/** The main address in place of the one before; the others stay. */
function replaced<T extends { primary?: boolean }>(list: readonly T[], next: T | undefined): T[] {
  const others = list.slice(1).map((other) => ({ ...other, primary: false }));
  return next
    ? [{ ...list[0], ...next, primary: true }, ...others]
    : others.map((other, index) => ({ ...other, primary: index === 0 }));
}

function Form({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const { mutateAsync } = useContactPatch(contact.id);
  const before = {
    first_name: contact.first_name ?? "",
    last_name: contact.last_name ?? "",
    company_name: contact.company_name ?? "",
    job_title: contact.job_title ?? "",
    email: contact.emails[0]?.address ?? "",
    phone: contact.phones[0]?.number ?? "",
  };
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: before,
    fields: { "/emails/0/address": "email", "/phones/0/number": "phone" },
    submit: async ({ email, phone, ...names }) => {
      const patch: Patch = {};
      for (const [key, value] of Object.entries(names) as [keyof typeof names, string][])
        if (value !== before[key]) patch[key] = value || null;
      if (email !== before.email) patch.emails = replaced(contact.emails, email ? { address: email } : undefined);
      if (phone !== before.phone)
        patch.phones = replaced(
          contact.phones.map(({ e164: _, ...rest }) => rest),
          phone ? { number: phone } : undefined,
        );
      if (Object.keys(patch).length > 0) {
        try {
          await mutateAsync(patch);
        } catch (error) {
          // The newer version is on the page now; what was typed here is not lost.
          if (error instanceof ApiProblem && error.status === 412)
            throw new ApiProblem(412, error.code, t("error.changedElsewhere"), [], error.requestId);
          throw error;
        }
        say(t("action.saved"));
      }
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <div className="grid grid-cols-2 gap-3.5">
        <TextField form={form} name="first_name" label={t("contacts.firstName")} optional autoFocus />
        <TextField form={form} name="last_name" label={t("contacts.lastName")} optional />
      </div>
      <div className="grid grid-cols-2 gap-3.5">
        <TextField form={form} name="company_name" label={t("contacts.company")} optional />
        <TextField form={form} name="job_title" label={t("contacts.job")} optional />
      </div>
      <TextField form={form} name="email" type="email" label={t("contacts.email")} optional dir="ltr" />
      <TextField form={form} name="phone" type="tel" label={t("contacts.phone")} optional dir="ltr" />
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
