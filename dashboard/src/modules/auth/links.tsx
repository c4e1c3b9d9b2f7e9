/** Pages behind the links of mails: a token after `#`, a password, and one thing that happens. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { useTitle } from "@/app/title";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { AuthFrame } from "./frame";
import { MailSent } from "./mail-sent";
import { BackToSignIn, BrokenLink, useLinkToken } from "./parts";
import { email, filled, newSecret, secret } from "./schemas";

const verification = z.object({ password: secret });
const forgotten = z.object({ email });
const reset = z.object({ password: newSecret });
const joining = z.object({ name: filled, password: secret });

type Done = "verifiedLead" | "resetDone" | "joined";

function useDone(): (done: Done) => void {
  const navigate = useNavigate();
  return (done) => void navigate({ to: "/sign-in", search: { done }, replace: true });
}

export function VerifyPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const done = useDone();
  useTitle(t("auth.verifyTitle"));
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: verification,
    defaults: { password: "" },
    codes: { password_wrong: "password" },
    submit: async ({ password }) => {
      await ok(api.POST("/v1/sign-ups/verification", { body: { token: token ?? "", password } }));
      done("verifiedLead");
    },
  });
  if (!token) return <BrokenLink />;
  return (
    <AuthFrame title={t("auth.verifyTitle")} lead={t("auth.verifyLead")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("field.password")}
          autoComplete="current-password"
          tall
          className="bg-surface"
          autoFocus
        />
        <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
          {t("auth.open")}
        </Button>
      </form>
      <BackToSignIn />
    </AuthFrame>
  );
}

export function ForgotPage() {
  const { t } = useTranslation();
  const [sent, setSent] = useState<string>();
  useTitle(t("auth.forgotTitle"));
  const send = (address: string) => ok(api.POST("/v1/password-resets", { body: { email: address } }));
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: forgotten,
    defaults: { email: "" },
    submit: async (values) => {
      await send(values.email);
      setSent(values.email);
    },
  });
  if (sent) return <MailSent text={t("auth.mailReset", { email: sent })} again={() => send(sent)} />;
  return (
    <AuthFrame title={t("auth.forgotTitle")} lead={t("auth.forgotLead")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField
          form={form}
          name="email"
          type="email"
          label={t("field.workEmail")}
          autoComplete="username"
          tall
          className="bg-surface"
          dir="ltr"
          autoFocus
        />
        <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
          {t("auth.sendLink")}
        </Button>
      </form>
      <BackToSignIn />
    </AuthFrame>
  );
}

export function ResetPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const done = useDone();
  useTitle(t("auth.resetTitle"));
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: reset,
    defaults: { password: "" },
    submit: async ({ password }) => {
      await ok(api.POST("/v1/password-resets/confirmation", { body: { token: token ?? "", password } }));
      done("resetDone");
    },
  });
  if (!token) return <BrokenLink />;
  return (
    <AuthFrame title={t("auth.resetTitle")} lead={t("auth.resetLead")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("field.newPassword")}
          help={t("auth.passwordHelp")}
          autoComplete="new-password"
          tall
          className="bg-surface"
          autoFocus
        />
        <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
          {t("auth.setPassword")}
        </Button>
      </form>
      <BackToSignIn />
    </AuthFrame>
  );
}

export function JoinPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const done = useDone();
  useTitle(t("auth.joinTitle"));
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: joining,
    defaults: { name: "", password: "" },
    codes: { password_wrong: "password" },
    submit: async (values) => {
      await ok(api.POST("/v1/invitations/acceptance", { body: { token: token ?? "", ...values } }));
      done("joined");
    },
  });
  if (!token) return <BrokenLink />;
  return (
    <AuthFrame title={t("auth.joinTitle")} lead={t("auth.joinLead")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField
          form={form}
          name="name"
          label={t("auth.yourName")}
          autoComplete="name"
          tall
          className="bg-surface"
          autoFocus
        />
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("field.password")}
          help={t("auth.joinHelp")}
          autoComplete="new-password"
          tall
          className="bg-surface"
        />
        <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
          {t("auth.join")}
        </Button>
      </form>
      <BackToSignIn />
    </AuthFrame>
  );
}
