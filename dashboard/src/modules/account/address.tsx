import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Mail } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say, sayError } from "@/ui/toast";
import { email, secret } from "../auth/schemas";
import { emailChanges } from "./data";

const schema = z.object({ email, password: secret });

/** The way to another address, and the one that waits for its link to be followed. */
export function Address({ changes }: { changes: Schema["EmailChange"][] }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const waiting = changes.find(({ state }) => state === "pending");
  return (
    <>
      <Button size="small" className="self-start" onClick={() => setAsking(true)}>
        {t("account.emailChange")}
      </Button>
      {waiting && <Waiting change={waiting} />}
      <Dialog
        open={asking}
        title={t("account.emailChange")}
        lead={t("account.emailLead")}
        onClose={() => setAsking(false)}
      >
        <Ask onClose={() => setAsking(false)} />
      </Dialog>
    </>
  );
}

function Waiting({ change }: { change: Schema["EmailChange"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const params = { path: { id: change.id } };
  const settled = {
    onError: (error: Error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: emailChanges.queryKey }),
  };
  const again = useMutation({
    mutationFn: () => ok(api.POST("/v1/email-changes/{id}/mails", { params })),
    onSuccess: () => say(t("account.emailSent", { email: change.new_email })),
    ...settled,
  });
  const cancel = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/email-changes/{id}", { params })),
    onSuccess: () => say(t("account.emailKept")),
    ...settled,
  });
  return (
    <div className="flex flex-col gap-2.5 rounded-[12px] border border-line bg-sunken p-3.5">
      <p className="flex items-start gap-2 text-sm text-ink-2">
        <Mail aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 break-words">
          {t("account.emailWaits", { email: change.new_email, when: formats.when(change.expires_at) })}
        </span>
      </p>
      <span className="flex flex-wrap gap-2">
        <Button size="small" busy={again.isPending} onClick={() => again.mutate()}>
          {t("account.emailAgain")}
        </Button>
        <Button size="small" look="ghost" busy={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("account.emailKeep")}
        </Button>
      </span>
    </div>
  );
}

function Ask({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { email: "", password: "" },
    codes: { password_wrong: "password" },
    submit: async (body) => {
      await ok(api.POST("/v1/email-changes", { body }));
      await cache.invalidateQueries({ queryKey: emailChanges.queryKey });
      say(t("account.emailSent", { email: body.email }));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="email"
        type="email"
        label={t("account.emailNew")}
        autoComplete="email"
        dir="ltr"
        autoFocus
      />
      <TextField
        form={form}
        name="password"
        type="password"
        label={t("account.proof")}
        autoComplete="current-password"
      />
      <Button type="submit" look="primary" busy={busy} disabled={waiting > 0} className="self-end">
        {t("auth.sendLink")}
      </Button>
    </form>
  );
}
