/** Pages behind the links of mails: a token after `#`, a password, and one thing that happens. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { useTitle } from "@/app/title";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { LinkForm } from "./link-form";
import { MailSent } from "./mail-sent";
import { BrokenLink, useLinkToken } from "./parts";
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
  const of = useServerForm({
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
    <LinkForm title={t("auth.verifyTitle")} lead={t("auth.verifyLead")} of={of} action={t("auth.open")}>
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

export function ForgotPage() {
  const { t } = useTranslation();
  const [sent, setSent] = useState<string>();
  useTitle(t("auth.forgotTitle"));
  const send = (address: string) => ok(api.POST("/v1/password-resets", { body: { email: address } }));
  const of = useServerForm({
    schema: forgotten,
    defaults: { email: "" },
    submit: async (values) => {
      await send(values.email);
      setSent(values.email);
    },
  });
  if (sent) return <MailSent text={t("auth.mailReset", { email: sent })} again={() => send(sent)} />;
  return (
    <LinkForm title={t("auth.forgotTitle")} lead={t("auth.forgotLead")} of={of} action={t("auth.sendLink")}>
      <TextField
        form={of.form}
        name="email"
        type="email"
        label={t("field.workEmail")}
        autoComplete="username"
        tall
        className="bg-surface"
        dir="ltr"
        autoFocus
      />
    </LinkForm>
  );
}

export function ResetPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const done = useDone();
  useTitle(t("auth.resetTitle"));
  const of = useServerForm({
    schema: reset,
    defaults: { password: "" },
    submit: async ({ password }) => {
      await ok(api.POST("/v1/password-resets/confirmation", { body: { token: token ?? "", password } }));
      done("resetDone");
    },
  });
  if (!token) return <BrokenLink />;
  return (
    <LinkForm title={t("auth.resetTitle")} lead={t("auth.resetLead")} of={of} action={t("auth.setPassword")}>
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

export function JoinPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const done = useDone();
  useTitle(t("auth.joinTitle"));
  const of = useServerForm({
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
    <LinkForm title={t("auth.joinTitle")} lead={t("auth.joinLead")} of={of} action={t("auth.join")}>
      <TextField
        form={of.form}
        name="name"
        label={t("auth.yourName")}
        autoComplete="name"
        tall
        className="bg-surface"
        autoFocus
      />
      <TextField
        form={of.form}
        name="password"
        type="password"
        label={t("field.password")}
        help={t("auth.joinHelp")}
        autoComplete="new-password"
        tall
        className="bg-surface"
      />
    </LinkForm>
  );
}
