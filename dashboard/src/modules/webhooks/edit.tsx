import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { sayProblem } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { SecretOnce } from "@/ui/secret";
import { say } from "@/ui/toast";
import { type Webhook, webhook } from "./data";
import { Events } from "./events";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(100, "too_long")),
  url: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(2000, "too_long")),
  kinds: z.array(z.string()),
});
type Values = z.infer<typeof schema>;
const valuesOf = ({ name, url, kinds }: Webhook): Values => ({ name, url, kinds });
const LABELS = { name: "field.name", url: "webhooks.address", kinds: "webhooks.events" } as const;
const EMPTY: Values = { name: "", url: "", kinds: ["contact.*", "form.*"] };

/** Makes a webhook, whose secret is shown once, or changes one. */
export function EditWebhook({ item, open, onClose }: { item?: Webhook; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [made, setMade] = useState<Schema["WebhookWithSecret"]>();
  if (made?.secret)
    return (
      <Secret
        secret={made.secret}
        onDone={() => {
          setMade(undefined);
          onClose();
          void navigate({ to: "/settings/webhooks/$id", params: { id: made.webhook.id } });
        }}
      />
    );
  return (
    <Dialog wide open={open} onClose={onClose} title={item ? t("webhooks.edit") : t("webhooks.create")}>
      <Form item={item} onClose={onClose} onMade={setMade} />
    </Dialog>
  );
}

export function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <SecretOnce
      title={t("webhooks.secretTitle")}
      lead={t("webhooks.secretText")}
      label={t("webhooks.secret")}
      secret={secret}
      onDone={onDone}
    >
      <p className="mt-3 text-sm text-muted">{t("webhooks.secretHow")}</p>
    </SecretOnce>
  );
}

function Form(props: { item?: Webhook; onClose: () => void; onMade: (made: Schema["WebhookWithSecret"]) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { item, onClose } = props;
  const { newer, update, theirs } = useBased(item, (one) => (one ? valuesOf(one) : EMPTY));
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: item ? valuesOf(item) : EMPTY,
    submit: async (values) => {
      if (!item) {
        const made = await ok(api.POST("/v1/webhooks", { body: values }));
        void cache.invalidateQueries({ queryKey: ["webhooks"] });
        return props.onMade(made);
      }
      const one = webhook(item.id);
      const fresh = await update(form, values, {
        send: (base, body) => {
          const params = { path: { id: item.id }, header: ifMatch(base?.version) };
          return ok(api.PATCH("/v1/webhooks/{id}", { params, body }));
        },
        read: () => cache.fetchQuery({ ...one, staleTime: 0 }),
      });
      cache.setQueryData(one.queryKey, fresh);
      void cache.invalidateQueries({ queryKey: ["webhooks"] });
      say(t("action.saved"));
      onClose();
    },
  });
  const wrong = form.formState.errors.kinds;
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer of={newer} label={(key) => t(LABELS[key])} texts={["name", "url"]} onTheirs={() => theirs(form)} />
      <TextField
        form={form}
        name="name"
        label={t("field.name")}
        help={t("webhooks.nameHelp")}
        autoFocus
        maxLength={100}
      />
      <TextField
        form={form}
        name="url"
        type="url"
        label={t("webhooks.address")}
        help={t("webhooks.addressHelp")}
        placeholder="https://"
        dir="ltr"
      />
      <Events
        kinds={form.watch("kinds")}
        onChange={(kinds) => form.setValue("kinds", kinds, { shouldDirty: true })}
        error={wrong?.message && sayProblem(wrong.message)}
      />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {item ? t("action.save") : t("webhooks.create")}
        </Button>
      </footer>
    </form>
  );
}
