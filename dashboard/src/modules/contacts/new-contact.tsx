import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { PlainLink } from "@/ui/link";
import { say } from "@/ui/toast";
import { Asked, asked, useAsked } from "../fields/asked";
import type { CustomField } from "../fields/data";

const line = z.string().check(z.trim(), z.maxLength(300, "too_long"));
const schema = z
  .object({ first_name: line, last_name: line, company_name: line, email: line, phone: line, custom: asked })
  .check(
    z.refine(({ custom: _, ...lines }) => Object.values(lines).some((value) => value.trim() !== ""), {
      error: "contact_empty",
      path: ["first_name"],
    }),
  );
type Values = z.infer<typeof schema>;
const EMPTY: Values = { first_name: "", last_name: "", company_name: "", email: "", phone: "", custom: {} };

export function NewContact({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const fields = useAsked("contact");
  return (
    <Dialog open={open && fields !== undefined} onClose={onClose} title={t("contacts.create")}>
      <Form onClose={onClose} fields={fields ?? []} />
    </Dialog>
  );
}

function Form({ onClose, fields }: { onClose: () => void; fields: readonly CustomField[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: EMPTY,
    fields: { "/emails/0/address": "email", "/phones/0/number": "phone", "/": "first_name", "": "first_name" },
    submit: async ({ email, phone, custom, ...names }) => {
      const body = {
        ...Object.fromEntries(Object.entries(names).filter(([, value]) => value !== "")),
        ...(email && { emails: [{ address: email }] }),
        ...(phone && { phones: [{ number: phone }] }),
        custom,
        source: "console",
      };
      const made = await ok(api.POST("/v1/contacts", { body }));
      void cache.invalidateQueries({ queryKey: ["contacts"] });
      say(t("contacts.created", { name: made.display_name }));
      await navigate({ to: "/contacts/$id", params: { id: made.id } });
    },
  });
  const [entered, setEntered] = useState({ email: "", phone: "" });
  const look = () => setEntered({ email: form.getValues("email").trim(), phone: form.getValues("phone").trim() });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5" onBlur={look}>
      {trouble}
      <div className="grid grid-cols-2 gap-3.5">
        <TextField form={form} name="first_name" label={t("contacts.firstName")} optional autoFocus />
        <TextField form={form} name="last_name" label={t("contacts.lastName")} optional />
      </div>
      <TextField form={form} name="company_name" label={t("contacts.company")} optional />
      <TextField form={form} name="email" type="email" label={t("contacts.email")} optional dir="ltr" />
      <TextField form={form} name="phone" type="tel" label={t("contacts.phone")} optional dir="ltr" />
      <Asked fields={fields} form={form} />
      <Duplicates {...entered} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("action.add")}
        </Button>
      </footer>
    </form>
  );
}

/** Before somebody is entered twice. */
function Duplicates({ email, phone }: { email: string; phone: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["contacts", "duplicates", email, phone],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/contacts/duplicates", {
          params: { query: { ...(email && { email }), ...(phone && { phone }) } },
          signal,
        }),
      ),
    enabled: /@.+\./.test(email) || phone.length > 5,
    retry: false,
  });
  if (!data?.items.length) return null;
  return (
    <section role="status" className="rounded-[12px] bg-warning-soft p-3 text-sm">
      <p className="mb-1.5 font-[570]">{t("contacts.duplicates", { count: data.items.length })}</p>
      <ul>
        {data.items.slice(0, 3).map(({ id, display_name, matched_by }) => (
          <li key={id}>
            <PlainLink to="/contacts/$id" params={{ id }} className="flex min-h-9 items-center gap-2 hover:underline">
              <Avatar name={display_name} id={id} size="sm" />
              <span className="min-w-0 truncate">{display_name}</span>
              <span className="ms-auto whitespace-nowrap text-cap text-muted">
                {matched_by
                  .flatMap((by) =>
                    by === "email" || by === "phone" || by === "name" ? t(`contacts.duplicateBy.${by}`) : [],
                  )
                  .join(", ")}
              </span>
            </PlainLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
