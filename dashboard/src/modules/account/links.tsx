/** Pages behind the links of mails about an address: the one that proves the new one, and the one that brings the old one back. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { hasPasskeys } from "@/api/passkeys";
import { useTitle } from "@/app/title";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { sayThrown } from "@/i18n/problems";
import { Trouble, useServerForm } from "@/ui/form";
import { Link } from "@/ui/link";
import { AuthFrame } from "../auth/frame";
import { LinkForm } from "../auth/link-form";
import { BrokenLink, useLinkToken } from "../auth/parts";
import { newSecret, secret } from "../auth/schemas";
import { answerWithPasskey } from "./proof";

const proof = z.object({ password: secret });
const chosen = z.object({ password: newSecret });

export function ConfirmEmailPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  useTitle(t("account.confirmTitle"));
  const of = useServerForm({
    schema: proof,
    defaults: { password: "" },
    codes: { password_wrong: "password" },
    submit: async ({ password }) => {
      await ok(api.POST("/v1/email-changes/confirmation", { body: { token: token ?? "", password } }));
      setDone(true);
    },
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const answer = await answerWithPasskey();
      if (!answer) return;
      await ok(api.POST("/v1/email-changes/confirmation", { body: { token: token ?? "", passkey: answer } }));
      setDone(true);
    },
  });
  if (!token) return <BrokenLink />;
  if (done)
    return (
      <AuthFrame title={t("account.confirmedTitle")} lead={t("account.confirmedLead")}>
        <p className="text-sm">
          <Link to="/account" className="-my-3 inline-block py-3">
            {t("account.toAccount")}
          </Link>
        </p>
      </AuthFrame>
    );
  return (
    <LinkForm
      title={t("account.confirmTitle")}
      lead={t("account.confirmLead")}
      of={{ ...of, trouble: of.trouble ?? (passkey.error && <Trouble>{sayThrown(passkey.error)}</Trouble>) }}
      action={t("account.confirm")}
      below={
        hasPasskeys() && (
          <Button
            look="ghost"
            size="large"
            busy={passkey.isPending}
            className="w-full"
            onClick={() => passkey.mutate()}
          >
            {t("account.byPasskey")}
          </Button>
        )
      }
    >
      <TextField
        form={of.form}
        name="password"
        type="password"
        label={t("field.password")}
        autoComplete="current-password"
        tall
        className="bg-surface"
        autoFocus
      />
    </LinkForm>
  );
}

export function RestoreEmailPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const navigate = useNavigate();
  useTitle(t("account.restoreTitle"));
  const of = useServerForm({
    schema: chosen,
    defaults: { password: "" },
    submit: async ({ password }) => {
      await ok(api.POST("/v1/email-changes/reversion", { body: { token: token ?? "", password } }));
      void navigate({ to: "/sign-in", search: { done: "resetDone" }, replace: true });
    },
  });
  if (!token) return <BrokenLink />;
  return (
    <LinkForm title={t("account.restoreTitle")} lead={t("account.restoreLead")} of={of} action={t("account.restore")}>
      <TextField
        form={of.form}
        name="password"
        type="password"
        label={t("field.newPassword")}
        help={t("auth.passwordHelp")}
        autoComplete="new-password"
        tall
        className="bg-surface"
        autoFocus
      />
    </LinkForm>
  );
}
