import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useServerForm } from "@/ui/form";
import { say, sayError } from "@/ui/toast";
import { type Contact, contact as one, type Patch, tags } from "../data";
import { timeline } from "../person/data";
import { Choose } from "./choose";
import { Care, compacting, Group, Place, Reach, Who } from "./fields";
import { type FieldKey, KEYS, merge, patchOf, type Values, valuesOf } from "./merge";
import { shape } from "./schema";

const schema = z.object(shape);

export function EditContact({ contact, open, onClose }: { contact: Contact; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog wide open={open} onClose={onClose} title={t("contacts.editTitle")}>
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

  const send = async (on: Contact, patch: Patch): Promise<Contact> => {
    const params = { path: { id: on.id }, header: ifMatch(on.version) };
    const fresh = await ok(api.PATCH("/v1/contacts/{id}", { params, body: patch }));
    cache.setQueryData(one(on.id).queryKey, fresh);
    void cache.invalidateQueries({ queryKey: ["contacts", "list"] });
    void cache.invalidateQueries({ queryKey: timeline(on.id).queryKey });
    void cache.invalidateQueries({ queryKey: tags.queryKey });
    return fresh;
  };
  const write = async (on: Contact, values: Values): Promise<void> => {
    const patch = patchOf(on, values);
    if (Object.keys(patch).length > 0) {
      const fresh = await send(on, patch);
      const undo = () =>
        send(fresh, patchOf(fresh, valuesOf(on))).catch((error: Error) =>
          sayError(t("error.notSaved"), hasStatus(error, 412) ? t("error.changedElsewhere") : error.message),
        );
      say(t("action.saved"), { undo: () => void undo() });
    }
    onClose();
  };
  const save = async (on: Contact, values: Values): Promise<void> => {
    try {
      await write(on, values);
    } catch (error) {
      if (!hasStatus(error, 412)) throw error;
      const theirs = await ok(api.GET("/v1/contacts/{id}", { params: { path: { id: on.id } } }));
      cache.setQueryData(one(on.id).queryKey, theirs);
      const merged = merge(valuesOf(on), values, valuesOf(theirs));
      fill(merged.values, KEYS);
      setBase(theirs);
      if (merged.disputed.length > 0) setDispute({ theirs, fields: merged.disputed, mine: merged.values });
      // They changed other fields: both changes can stand.
      else await save(theirs, merged.values);
    }
  };
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(contact),
    submit: (values): Promise<void> => compacting(form, () => save(base, values)),
  });
  const fill = (values: Values, keys: readonly FieldKey[]) => {
    for (const key of keys) form.setValue(key, values[key]);
  };
  if (dispute)
    return (
      <Choose
        fields={dispute.fields}
        mine={dispute.mine}
        theirs={valuesOf(dispute.theirs)}
        onBack={() => setDispute(undefined)}
        onChoose={(values) => {
          fill(values, dispute.fields);
          setDispute(undefined);
          onSubmit();
        }}
      />
    );
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      {trouble}
      <Group title={t("contacts.groupWho")}>
        <Who form={form} all />
      </Group>
      <Group title={t("contacts.groupReach")}>
        <Reach form={form} all />
      </Group>
      <Group title={t("contacts.groupPlace")}>
        <Place form={form} />
      </Group>
      <Group title={t("contacts.groupCare")}>
        <Care form={form} />
      </Group>
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
