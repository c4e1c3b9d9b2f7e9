import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { tenant } from "@/api/queries";
import { isLanguage, LANGUAGES, language } from "@/i18n";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import { roles, teams, useAgain } from "./data";
import { Picks } from "./picks";

const schema = z.object({
  email: z.string().check(z.trim(), z.regex(/^\S+@\S+\.\S+$/, "email_invalid")),
  roles: z.array(z.string()).check(z.minLength(1, "role_missing")),
  teams: z.array(z.string()),
  locale: z.string(),
});

export function Invite({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("team.inviteTitle")} lead={t("team.inviteLead")}>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const known = useQuery(roles).data?.items ?? [];
  const groups = useQuery(teams).data?.items ?? [];
  const own = useQueryClient().getQueryData(tenant.queryKey)?.locale.split("-")[0];
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { email: "", roles: [], teams: [], locale: isLanguage(own) ? own : language() },
    codes: { member_exists: "email" },
    submit: async ({ email, ...rest }) => {
      await ok(api.POST("/v1/invitations", { body: { email, ...rest } }));
      await again();
      say(t("team.invited", { email }));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField form={form} name="email" type="email" label={t("field.email")} autoComplete="off" autoFocus />
      <SelectField form={form} name="locale" label={t("team.inviteLanguage")} help={t("team.inviteLanguageHelp")}>
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </SelectField>
      <Picks
        form={form}
        name="roles"
        label={t("team.roles")}
        choices={known.map(({ id, name, description }) => ({ value: id, label: name, note: description }))}
      />
      {groups.length > 0 && (
        <Picks
          form={form}
          name="teams"
          label={t("team.teamsOptional")}
          choices={groups.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" icon={<Send />} busy={busy}>
          {t("team.invite")}
        </Button>
      </footer>
    </form>
  );
}
