import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronRight, Lock, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { Section } from "@/modules/settings/section";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { ExportButton } from "@/ui/export";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { PlainLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { roles, useAgain } from "./data";

export function RolesPage() {
  const { t } = useTranslation();
  const writes = useMay("identity.roles.write");
  const query = useQuery(roles);
  const [making, setMaking] = useState(false);
  return (
    <Section
      id="roles"
      actions={
        <>
          <ExportButton name="roles" load={() => ok(api.GET("/v1/roles/export", { parseAs: "blob" }))} />
          {writes && (
            <Button look="primary" icon={<Plus />} onClick={() => setMaking(true)}>
              {t("team.newRole")}
            </Button>
          )}
        </>
      }
    >
      <Panel bare>
        {query.isPending ? (
          <SkeletonRows rows={4} tall />
        ) : query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <ul className="divide-y divide-line">
            {query.data?.items.map((role) => (
              <li key={role.id}>
                <PlainLink
                  to="/settings/roles/$id"
                  params={{ id: role.id }}
                  className="flex min-h-[57px] items-center gap-3 px-[18px] py-2.5 hover:bg-hover max-md:px-4"
                >
                  <span className="min-w-0 flex-1">
                    <span className="flex flex-wrap items-center gap-2 text-[13.5px] font-[570]">
                      <bdi>{role.name}</bdi>
                      {role.seeded && (
                        <Chip>
                          <Lock aria-hidden="true" />
                          {t("team.seeded")}
                        </Chip>
                      )}
                    </span>
                    <span className="block text-[12.5px] break-words text-muted">{role.description}</span>
                  </span>
                  <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted rtl:-scale-x-100" />
                </PlainLink>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Dialog open={making} onClose={() => setMaking(false)} title={t("team.newRole")} lead={t("team.newRoleLead")}>
        <NewRole onClose={() => setMaking(false)} />
      </Dialog>
    </Section>
  );
}

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(80, "name_invalid")),
  description: z.string().check(z.trim(), z.maxLength(500, "too_long")),
  from: z.string(),
});

/** Short and stable, from the name; two roles of one name keep apart. */
const keyOf = (name: string) => {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return `${plain.slice(0, 24) || "role"}_${Math.random().toString(36).slice(2, 7)}`;
};

/** A role begins as a copy of one that there is, or with nothing. */
export function NewRole({ from = "", onClose }: { from?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const navigate = useNavigate();
  const known = useQuery(roles).data?.items ?? [];
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: "", description: "", from },
    submit: async ({ name, description, from: source }) => {
      const grants = known.find(({ id }) => id === source)?.grants ?? {};
      const made = await ok(api.POST("/v1/roles", { body: { key: keyOf(name), name, description, grants } }));
      await again();
      say(t("team.roleMade", { name: made.name }));
      onClose();
      await navigate({ to: "/settings/roles/$id", params: { id: made.id } });
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField form={form} name="name" label={t("field.name")} maxLength={80} autoFocus />
      <TextField form={form} name="description" label={t("team.purpose")} maxLength={500} optional />
      <SelectField form={form} name="from" label={t("team.copyOf")} help={t("team.copyHelp")}>
        <option value="">{t("team.copyNone")}</option>
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("team.newRole")}
        </Button>
      </footer>
    </form>
  );
}
