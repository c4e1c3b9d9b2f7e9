import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { useTitle } from "@/app/title";
import { AuthFrame } from "@/modules/auth/frame";
import { email, secret } from "@/modules/auth/schemas";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { admin, ok } from "./api";
import { adminSession } from "./session";

const schema = z.object({
  email,
  password: secret,
  code: z.string().check(z.trim(), z.regex(/^\d{6}$/, "six_digits")),
});

/** Address, password and code, all in one step: which of them was wrong is nobody's business. */
export function AdminSignInForm({ email: known, onDone }: { email?: string; onDone: () => void }) {
  const { t } = useTranslation();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { email: known ?? "", password: "", code: "" },
    submit: async (values) => {
      adminSession.begin(await ok(admin.POST("/v1/sessions", { body: { ...values, cookie: true } })));
      onDone();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="email"
        type="email"
        label={t("field.workEmail")}
        autoComplete="username"
        readOnly={known !== undefined}
        autoFocus={known === undefined}
        tall
        className="bg-surface"
        dir="ltr"
      />
      <TextField
        form={form}
        name="password"
        type="password"
        label={t("field.password")}
        autoComplete="current-password"
        autoFocus={known !== undefined}
        tall
        className="bg-surface"
      />
      <TextField
        form={form}
        name="code"
        label={t("auth.code")}
        help={t("admin.codeHelp")}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        tall
        className="num bg-surface tracking-[.12em]"
        dir="ltr"
      />
      <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
        {t("auth.signIn")}
      </Button>
    </form>
  );
}

export function AdminSignIn() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/admin/sign-in" });
  const router = useRouter();
  const navigate = useNavigate();
  useTitle(t("auth.title"), t("admin.platform"));
  const go = () => (next ? router.history.push(next) : void navigate({ to: "/admin" }));
  // Signed in in another tab meanwhile.
  const state = adminSession.use();
  useEffect(() => {
    if (state === "in") go();
  }, [state]);
  return (
    <AuthFrame title={t("admin.signInTitle")} lead={t("admin.signInLead")}>
      <AdminSignInForm onDone={() => undefined} />
    </AuthFrame>
  );
}
