import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { say } from "@/ui/toast";
import { type Member, member as one, roles, teams, useAgain } from "./data";
import { Picks } from "./picks";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
  state: z.string(),
  roles: z.array(z.string()).check(z.minLength(1, "role_missing")),
  teams: z.array(z.string()),
});
type Values = z.infer<typeof schema>;

const valuesOf = ({ name, state, roles, teams }: Member): Values => ({ name, state, roles, teams });

export function EditMember(props: { member: Member; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("team.editTitle", { name: props.member.name })}>
      <Form {...props} />
    </Dialog>
  );
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value) => b.includes(value));

const changesOf = (member: Member, { name, state, roles, teams: groups }: Values) => ({
  ...(name !== member.name && { name }),
  ...(state !== member.state && { state: state as "active" | "disabled" }),
  ...(!same(roles, member.roles) && { roles }),
  ...(!same(groups, member.teams) && { teams: groups }),
});

const LABELS = { name: "team.nameHere", state: "team.state", roles: "team.roles", teams: "team.teams" } as const;

function Form({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const known = useQuery(roles).data?.items ?? [];
  const groups = useQuery(teams).data?.items ?? [];
  const cache = useQueryClient();
  const { newer, update, theirs } = useBased(member, valuesOf);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(member),
    fields: { "/roles": "roles" },
    codes: { last_owner: "roles" },
    submit: async (values) => {
      await update(form, values, {
        send: (base, next) => {
          const params = { path: { id: member.id }, header: ifMatch(base.version) };
          return ok(api.PATCH("/v1/members/{id}", { params, body: changesOf(base, next) }));
        },
        read: () => cache.fetchQuery({ ...one(member.id), staleTime: 0 }),
      });
      await again();
      say(t("team.changed", { name: values.name }));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer of={newer} label={(key) => t(LABELS[key])} texts={["name"]} onTheirs={() => theirs(form)} />
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <TextField form={form} name="name" label={t("team.nameHere")} maxLength={120} autoComplete="off" />
        <SelectField form={form} name="state" label={t("team.state")}>
          <option value="active">{t("team.active")}</option>
          <option value="disabled">{t("team.disabledChoice")}</option>
        </SelectField>
      </div>
      <Picks
        form={form}
        name="roles"
        label={t("team.roles")}
        choices={known.map((role) => ({ value: role.id, label: role.name, note: role.description }))}
      />
      {groups.length > 0 && (
        <Picks
          form={form}
          name="teams"
          label={t("team.teams")}
          choices={groups.map((group) => ({ value: group.id, label: group.name }))}
        />
      )}
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy} disabled={!form.formState.isDirty}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
