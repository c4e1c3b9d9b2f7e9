import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EllipsisVertical, Mail, Pencil, ShieldCheck, ShieldOff, UserPlus, UserX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Section } from "@/modules/settings/section";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { Listed } from "@/ui/listed";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { type Member, pending, roles, team, teams } from "./data";
import { EditMember } from "./edit-member";
import { Invite } from "./invite";
import { Invitations } from "./invitations";
import { RemoveMember } from "./remove-member";
import { Teams } from "./teams";

export function TeamPage() {
  const { t } = useTranslation();
  const writes = useMay("identity.members.write");
  const inviting = useSearch({ from: "/shell/settings/team" }).invite === true;
  const navigate = useNavigate();
  const setInviting = (on: boolean) =>
    void navigate({ to: "/settings/team", search: { invite: on || undefined }, replace: true });
  const query = useInfiniteQuery(team);
  const waiting = useInfiniteQuery(pending);
  const invite = writes && (
    <Button look="primary" icon={<UserPlus />} onClick={() => setInviting(true)}>
      {t("team.invite")}
    </Button>
  );
  return (
    <Section
      id="team"
      wide
      actions={
        <>
          <ExportButton name="members" load={() => ok(api.GET("/v1/members/export", { parseAs: "blob" }))} />
          {invite}
        </>
      }
    >
      <Panel title={t("team.members")} note={query.data && t("team.count", { count: rowsOf(query.data).length })} flush>
        <Listed query={query} empty={<Empty title={t("team.nobody")} actions={invite} />}>
          {(items) => (
            <ul className="divide-y divide-line">
              {items.map((one) => (
                <Row key={one.id} member={one} />
              ))}
            </ul>
          )}
        </Listed>
      </Panel>
      {rowsOf(waiting.data).length > 0 && <Invitations query={waiting} />}
      {/* Below what has come: nothing is pushed away. */}
      {!query.isPending && !waiting.isPending && <Teams />}
      <Invite open={inviting && writes} onClose={() => setInviting(false)} />
    </Section>
  );
}

function Row({ member }: { member: Member }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const me = useMe();
  const known = useQuery(roles).data?.items ?? [];
  const groups = useQuery(teams).data?.items ?? [];
  const names = member.roles.flatMap((id) => known.find((role) => role.id === id)?.name ?? []);
  const belongs = member.teams.flatMap((id) => groups.find((group) => group.id === id)?.name ?? []);
  return (
    <li className="flex min-h-[57px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
      <Avatar name={member.name} id={member.id} />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13.5px] leading-[1.35] font-[570]">
          <Own>{member.name}</Own>
          {member.id === me?.user?.id && <Chip tone="accent">{t("team.you")}</Chip>}
          {member.state === "disabled" && <Chip tone="warning">{t("team.disabled")}</Chip>}
        </span>
        <span className="block truncate text-[12.5px] text-muted">{member.email}</span>
        <span className="block truncate text-[12.5px] text-ink-2 md:hidden">{formats.list(names)}</span>
      </span>
      <span className="w-48 min-w-0 text-[12.5px] max-md:hidden">
        <span className="block truncate text-ink-2">{formats.list(names)}</span>
        <span className="block truncate text-muted">{formats.list(belongs)}</span>
      </span>
      <span className="w-24 shrink-0 text-end text-[12.5px] text-muted max-lg:hidden">
        {member.last_seen_at ? (
          <time dateTime={member.last_seen_at} title={formats.full(member.last_seen_at)}>
            {formats.ago(member.last_seen_at)}
          </time>
        ) : (
          t("team.never")
        )}
      </span>
      <span
        title={member.second_factor ? t("team.second") : t("team.noSecond")}
        className={`shrink-0 [&_svg]:size-4 ${member.second_factor ? "text-success-text" : "text-muted"}`}
      >
        {member.second_factor ? (
          <ShieldCheck aria-label={t("team.second")} />
        ) : (
          <ShieldOff aria-label={t("team.noSecond")} />
        )}
      </span>
      <Actions member={member} />
    </li>
  );
}

function Actions({ member }: { member: Member }) {
  const { t } = useTranslation();
  const writes = useMay("identity.members.write");
  const [asking, setAsking] = useState<"edit" | "remove">();
  if (!writes) return null;
  const close = () => setAsking(undefined);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("team.more", { name: member.name })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem writes icon={<Pencil />} onClick={() => setAsking("edit")}>
          {t("team.edit")}
        </MenuItem>
        <MenuItem icon={<Mail />} render={<a href={`mailto:${member.email}`}> </a>}>
          {t("team.write")}
        </MenuItem>
        <MenuLine />
        <MenuItem danger icon={<UserX />} onClick={() => setAsking("remove")}>
          {t("team.remove")}
        </MenuItem>
      </Menu>
      <EditMember member={member} open={asking === "edit"} onClose={close} />
      <RemoveMember member={member} open={asking === "remove"} onClose={close} />
    </>
  );
}
