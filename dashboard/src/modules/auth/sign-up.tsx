import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { useTitle } from "@/app/title";
import { language } from "@/i18n";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Link } from "@/ui/link";
import { AuthFrame } from "./frame";
import { MailSent } from "./mail-sent";
import { email, filled, newSecret } from "./schemas";

const schema = z.object({ agency: filled, name: filled, email, password: newSecret });
type Values = z.infer<typeof schema>;

export function SignUpPage() {
  const { t } = useTranslation();
  const [sent, setSent] = useState<Values>();
  useTitle(t("auth.signUpTitle"));
  const send = (body: Values) => ok(api.POST("/v1/sign-ups", { body: { ...body, locale: language() } }));
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { agency: "", name: "", email: "", password: "" },
    submit: async (values) => {
      await send(values);
      setSent(values);
    },
  });
  if (sent) return <MailSent text={t("auth.mailSignUp", { email: sent.email })} again={() => send(sent)} />;
  return (
    <AuthFrame title={t("auth.signUpTitle")} lead={t("auth.signUpLead")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField
          form={form}
          name="agency"
          label={t("auth.agency")}
          autoComplete="organization"
          tall
          className="bg-surface"
          autoFocus
        />
        <TextField form={form} name="name" label={t("auth.yourName")} autoComplete="name" tall className="bg-surface" />
        <TextField
          form={form}
          name="email"
          type="email"
          label={t("field.workEmail")}
          autoComplete="username"
          tall
          className="bg-surface"
          dir="ltr"
        />
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("field.password")}
          help={t("auth.passwordHelp")}
          autoComplete="new-password"
          tall
          className="bg-surface"
        />
        <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
          {t("auth.signUp")}
        </Button>
      </form>
      <p className="mt-5 text-sm text-sky-label">
        {t("auth.haveAccount")}{" "}
        <Link to="/sign-in" className="-my-3 inline-block py-3">
          {t("auth.signIn")}
        </Link>
      </p>
    </AuthFrame>
  );
}
