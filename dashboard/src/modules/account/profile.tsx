import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { me } from "@/api/queries";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { say } from "@/ui/toast";
import { Address } from "./address";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
});

export function Profile({ user, changes }: { user: Schema["Profile"]; changes: Schema["EmailChange"][] }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: user.name },
    submit: async (values) => {
      cache.setQueryData(me.queryKey, await ok(api.PATCH("/v1/me", { body: values })));
      form.reset(values);
      say(t("action.saved"));
    },
  });
  return (
    <Panel title={t("account.profile")} note={t("account.profileNote")}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        <div className="flex items-center gap-3">
          <Avatar name={user.name} id={user.id} size="lg" />
          <span className="min-w-0">
            <b className="block truncate font-[590]">{user.name}</b>
            <span className="block truncate text-sm text-muted">{user.email}</span>
          </span>
        </div>
        <Address changes={changes} />
        {trouble}
        <TextField form={form} name="name" label={t("field.name")} autoComplete="name" />
        <Button type="submit" look="primary" busy={busy} disabled={!form.formState.isDirty} className="self-end">
          {t("action.save")}
        </Button>
      </form>
    </Panel>
  );
}
