import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { say } from "@/ui/toast";
import { newSecret, secret } from "../auth/schemas";

const schema = z.object({ current: secret, new: newSecret });

export function PasswordPanel({ email }: { email: string }) {
  const { t } = useTranslation();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema,
    defaults: { current: "", new: "" },
    codes: { password_wrong: "current" },
    submit: async (body) => {
      await ok(api.PUT("/v1/password", { body }));
      form.reset();
      say(t("account.passwordDone"));
    },
  });
  return (
    <Panel title={t("account.passwordTitle")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        {/* For whatever keeps passwords: whose it is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <TextField
          form={form}
          name="current"
          type="password"
          label={t("account.passwordCurrent")}
          autoComplete="current-password"
        />
        <TextField
          form={form}
          name="new"
          type="password"
          label={t("field.newPassword")}
          help={t("auth.passwordHelp")}
          autoComplete="new-password"
        />
        <Button type="submit" busy={busy} disabled={waiting > 0} className="self-end">
          {t("account.passwordSet")}
        </Button>
      </form>
    </Panel>
  );
}
