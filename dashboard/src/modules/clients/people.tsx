import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Chip } from "@/ui/chip";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { type Client, clientMembers, clientRoles } from "./data";

/** The client's own people. */
export function People({ client }: { client: Client }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery({ ...clientMembers(client.id), retry: false });
  const roles = useQuery({ ...clientRoles(client.id), retry: false }).data?.items ?? [];
  const items = query.data?.items ?? [];
  return (
    <Panel title={t("clients.people")} note={query.data && t("clients.peopleCount", { count: items.length })} flush>
      {query.isPending ? (
        <SkeletonRows rows={3} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={t("clients.noPeople")}>{t("clients.noPeopleText")}</Empty>
      ) : (
        <ul className="divide-y divide-line">
          {items.map((member) => (
            <li key={member.id} className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
              <Avatar name={member.name} id={member.id} />
              <span className="min-w-0 flex-1">
                <b className="block text-[13.5px] leading-[1.35] font-[570]">
                  <Own>{member.name}</Own>
                </b>
                <span className="block truncate text-[12.5px] text-muted">{member.email}</span>
              </span>
              {member.second_factor && (
                <ShieldCheck aria-label={t("clients.secondFactor")} className="size-4 shrink-0 text-success-text" />
              )}
              {member.state === "disabled" && <Chip tone="warning">{t("clients.disabled")}</Chip>}
              <span className="max-w-40 truncate text-[12.5px] text-ink-2 max-sm:max-w-24">
                {formats.list(member.roles.flatMap((id) => roles.find((role) => role.id === id)?.name ?? []))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
