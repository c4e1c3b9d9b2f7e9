import { type InfiniteData, type UseInfiniteQueryResult, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import type { PageOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { type Invitation, pendingFile, roles, useTeamChange } from "./data";

/** Who was asked and has not come yet. */
export function Invitations({ query }: { query: UseInfiniteQueryResult<InfiniteData<PageOf<Invitation>>> }) {
  const { t } = useTranslation();
  return (
    <Panel
      title={t("team.invitations")}
      note={t("team.invitationsNote")}
      more={<ExportButton small name="invitations" label={t("team.exportInvitations")} load={pendingFile} />}
      flush
    >
      <Listed query={query} empty={null}>
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((invitation) => (
              <Row key={invitation.id} invitation={invitation} />
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

function Row({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("identity.members.write");
  const known = useQuery(roles).data?.items ?? [];
  const { id, email, expires_at, locale, roles: given, teams } = invitation;
  const late = new Date(expires_at) < new Date();
  const revoke = () => ok(api.DELETE("/v1/invitations/{id}", { params: { path: { id } } }));
  const invite = () => ok(api.POST("/v1/invitations", { body: { email, locale, roles: given, teams } }));
  // The link that went out is worth nothing any more; an undo sends another one.
  const again = useTeamChange(invite, t("team.resent", { email }));
  const takeBack = useTeamChange(revoke, t("team.revoked", { email }), undefined, () => again.mutate(undefined));
  // The old link ends in the moment in which the new one goes out.
  const resend = useTeamChange(
    () => ok(api.POST("/v1/invitations/{id}/mails", { params: { path: { id } } })),
    t("team.resent", { email }),
  );
  return (
    <li className="flex min-h-[57px] flex-wrap items-center gap-x-3 gap-y-2 px-[18px] py-2.5 max-md:px-4">
      <span className="min-w-0 flex-1 basis-52">
        <span className="flex flex-wrap items-center gap-2 text-[13.5px] font-[570]">
          <bdi className="min-w-0 truncate">{email}</bdi>
          {late && <Chip tone="warning">{t("team.expired")}</Chip>}
        </span>
        <span className="block truncate text-[12.5px] text-muted">
          {formats.list(given.flatMap((role) => known.find((one) => one.id === role)?.name ?? []))} ·{" "}
          <time dateTime={expires_at} title={formats.full(expires_at)}>
            {t("team.until", { date: formats.day(expires_at) })}
          </time>
        </span>
      </span>
      {writes && (
        <span className="flex gap-2">
          <Button writes size="small" busy={resend.isPending} onClick={() => resend.mutate(undefined)}>
            {t("team.resend")}
          </Button>
          <Button writes size="small" look="ghost" busy={takeBack.isPending} onClick={() => takeBack.mutate(undefined)}>
            {t("team.revoke")}
          </Button>
        </span>
      )}
    </li>
  );
}
