import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Mail } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { hasPasskeys } from "@/api/passkeys";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say, sayError } from "@/ui/toast";
import { email, secret } from "../auth/schemas";
import { emailChanges, passkeys } from "./data";
import { answerWithPasskey } from "./proof";

const byPassword = z.object({ email, password: secret, code: z.string() });
const byPasskey = z.object({ email, password: z.string(), code: z.string() });

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

/** It takes what signing in takes: whoever owns the address owns the account. */
function Ask({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const second = useMe()?.user?.second_factor === true;
  const has = useQuery(passkeys).data;
  const offered = hasPasskeys() && (has?.length ?? 0) > 0;
  const [passkey, setPasskey] = useState(false);
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: passkey ? byPasskey : byPassword,
    defaults: { email: "", password: "", code: "" },
    codes: { password_wrong: "password", code_wrong: "code", second_factor_required: "code" },
    submit: async ({ email, password, code }) => {
      const answer = passkey ? await answerWithPasskey() : undefined;
      if (passkey && !answer) return;
      const proof = answer ? { passkey: answer } : { password, ...(second && { code }) };
      await ok(api.POST("/v1/email-changes", { body: { email, ...proof } }));
      await cache.invalidateQueries({ queryKey: emailChanges.queryKey });
      say(t("account.emailSent", { email }));
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
      {!passkey && (
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("account.proof")}
          autoComplete="current-password"
        />
      )}
      {!passkey && second && (
        <TextField
          form={form}
          name="code"
          label={t("auth.code")}
          help={t("auth.codeHelp")}
          autoComplete="one-time-code"
          dir="ltr"
        />
      )}
      <footer className="flex flex-wrap justify-end gap-2">
        {offered && (
          <Button look="ghost" onClick={() => setPasskey(!passkey)}>
            {t(passkey ? "account.byPassword" : "account.byPasskey")}
          </Button>
        )}
        <Button type="submit" look="primary" busy={busy} disabled={waiting > 0}>
          {t("auth.sendLink")}
        </Button>
      </footer>
    </form>
  );
}
