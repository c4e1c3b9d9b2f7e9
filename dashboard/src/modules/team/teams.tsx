import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus, Trash2, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { ExportButton } from "@/ui/export";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useMedia } from "@/ui/media";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { type Team, team, teams, useAgain, useTeamChange } from "./data";
import { Picks } from "./picks";

/** Members of a team see each other's records where a role reaches as far as the team. */
export function Teams() {
  const { t } = useTranslation();
  const writes = useMay("identity.teams.write");
  const phone = useMedia("(max-width: 767px)");
  const query = useQuery(teams);
  const [open, setOpen] = useState<Team | "new">();
  const tools = (
    <>
      <ExportButton
        small
        name="teams"
        label={t("team.exportTeams")}
        load={() => ok(api.GET("/v1/teams/export", { parseAs: "blob" }))}
      />
      {writes && (
        <Button writes size="small" icon={<Plus />} onClick={() => setOpen("new")}>
          {t("team.newTeam")}
        </Button>
      )}
    </>
  );
  return (
    <Panel title={t("team.teams")} note={phone ? undefined : t("team.teamsNote")} more={tools} flush>
      {/* Beside the tools a phone has room for two words of it. */}
      {phone && <p className="px-4 pb-2 text-[12.5px] text-muted">{t("team.teamsNote")}</p>}
      {query.isPending ? (
        <SkeletonRows rows={2} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data?.items.length === 0 ? (
        <Empty title={t("team.noTeams")}>{t("team.noTeamsText")}</Empty>
      ) : (
        <ul className="divide-y divide-line">
          {query.data?.items.map((one) => (
            <Row key={one.id} team={one} onOpen={writes ? () => setOpen(one) : undefined} />
          ))}
        </ul>
      )}
      <Dialog
        open={open !== undefined}
        onClose={() => setOpen(undefined)}
        title={open === "new" || !open ? t("team.newTeam") : t("team.editTitle", { name: open.name })}
      >
        {open && <Form team={open === "new" ? undefined : open} onClose={() => setOpen(undefined)} />}
      </Dialog>
    </Panel>
  );
}

function Row({ team: one, onOpen }: { team: Team; onOpen?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const people = rowsOf(useInfiniteQuery(team).data);
  const [asking, setAsking] = useState(false);
  const remove = useTeamChange(
    () => ok(api.DELETE("/v1/teams/{id}", { params: { path: { id: one.id } } })),
    t("team.teamRemoved", { name: one.name }),
    () => setAsking(false),
  );
  const names = one.members.flatMap((id) => people.find((person) => person.id === id)?.name ?? []);
  return (
    <li className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
      <UsersRound aria-hidden="true" className="size-[18px] shrink-0 stroke-[1.75] text-muted" />
      <span className="min-w-0 flex-1">
        <b className="block truncate text-[13.5px] font-[570]">{one.name}</b>
        <span className="block truncate text-[12.5px] text-muted">
          {names.length > 0 ? formats.list(names) : t("team.count", { count: one.members.length })}
        </span>
      </span>
      {onOpen && (
        <>
          <Button writes size="small" onClick={onOpen}>
            {t("team.edit")}
          </Button>
          <IconButton writes label={t("team.deleteTeam", { name: one.name })} onClick={() => setAsking(true)}>
            <Trash2 />
          </IconButton>
        </>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("team.deleteTeam", { name: one.name })}
        lead={t("team.deleteTeamText")}
        action={t("action.remove")}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
      />
    </li>
  );
}

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(80, "name_invalid")),
  members: z.array(z.string()),
});
type Values = z.infer<typeof schema>;

const valuesOf = (one: Team | undefined): Values => ({ name: one?.name ?? "", members: one?.members ?? [] });

function Form({ team: one, onClose }: { team: Team | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const people = rowsOf(useInfiniteQuery(team).data);
  const { newer, update, theirs } = useBased(one, valuesOf);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(one),
    codes: { team_name_taken: "name" },
    submit: async (values) => {
      if (one) {
        const path = { id: one.id };
        await update(form, values, {
          send: (base, body) =>
            ok(api.PATCH("/v1/teams/{id}", { params: { path, header: ifMatch(base?.version) }, body })),
          read: () => ok(api.GET("/v1/teams/{id}", { params: { path } })),
        });
      } else await ok(api.POST("/v1/teams", { body: values }));
      await again();
      say(t("action.saved"));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <Newer
        of={newer}
        label={(key) => t(key === "name" ? "field.name" : "team.members")}
        texts={["name"]}
        onTheirs={() => theirs(form)}
      />
      <TextField form={form} name="name" label={t("field.name")} maxLength={80} autoFocus />
      <Picks
        form={form}
        name="members"
        label={t("team.members")}
        choices={people.map(({ id, name, email }) => ({ value: id, label: name, note: email }))}
      />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}
