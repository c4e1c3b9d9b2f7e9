import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import { type Contact, contact as one } from "../data";
import { timeline } from "../person/data";
import { Choose } from "./choose";
import { type FieldKey, merge, patchOf, type Values, valuesOf } from "./merge";

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

/** Somebody else was faster: his version, and the fields that both changed. */
interface Dispute {
  theirs: Contact;
  fields: FieldKey[];
  mine: Values;
}

function Form({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  // What the typed text is based on. News that arrive meanwhile do not change it, or they would be overwritten.
  const [base, setBase] = useState(contact);
  const [dispute, setDispute] = useState<Dispute>();

  const write = async (on: Contact, values: Values): Promise<void> => {
    const patch = patchOf(on, values);
    if (Object.keys(patch).length > 0) {
      const params = { path: { id: on.id }, header: ifMatch(on.version) };
      const fresh = await ok(api.PATCH("/v1/contacts/{id}", { params, body: patch }));
      cache.setQueryData(one(on.id).queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["contacts", "list"] });
      void cache.invalidateQueries({ queryKey: timeline(on.id).queryKey });
      say(t("action.saved"));
    }
    onClose();
  };
  const save = async (on: Contact, values: Values): Promise<void> => {
    try {
      await write(on, values);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      const theirs = await ok(api.GET("/v1/contacts/{id}", { params: { path: { id: on.id } } }));
      cache.setQueryData(one(on.id).queryKey, theirs);
      const { disputed, theirs: taken } = merge(valuesOf(on), values, valuesOf(theirs));
      const mine = { ...values };
      for (const key of taken) {
        mine[key] = valuesOf(theirs)[key];
        form.setValue(key, mine[key]);
      }
      setBase(theirs);
      if (disputed.length > 0) setDispute({ theirs, fields: disputed, mine });
      // They changed other fields: both changes can stand.
      else await save(theirs, mine);
    }
  };
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(contact),
    fields: { "/emails/0/address": "email", "/phones/0/number": "phone" },
    submit: (values) => save(base, values),
  });
  if (dispute)
    return (
      <Choose
        fields={dispute.fields}
        mine={dispute.mine}
        theirs={valuesOf(dispute.theirs)}
        onBack={() => setDispute(undefined)}
        onChoose={(values) => {
          for (const key of dispute.fields) form.setValue(key, values[key]);
          setDispute(undefined);
          onSubmit();
        }}
      />
    );
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <div className="grid grid-cols-2 gap-3.5">
        <TextField form={form} name="first_name" label={t("contacts.firstName")} optional autoFocus dir="auto" />
        <TextField form={form} name="last_name" label={t("contacts.lastName")} optional dir="auto" />
      </div>
      <div className="grid grid-cols-2 gap-3.5">
        <TextField form={form} name="company_name" label={t("contacts.company")} optional dir="auto" />
        <TextField form={form} name="job_title" label={t("contacts.job")} optional dir="auto" />
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
