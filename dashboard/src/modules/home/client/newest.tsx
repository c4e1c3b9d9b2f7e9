import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { StageChip } from "@/modules/contacts/columns";
import { contacts, stages } from "@/modules/contacts/data";
import { Avatar } from "@/ui/avatar";
import { Link, PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";

export const newestContacts = contacts({}, []);

export function Newest() {
  const { t } = useTranslation();
  const formats = useFormats();
  const known = useQuery(stages);
  const query = useInfiniteQuery(newestContacts);
  const items = query.data?.pages[0]?.items.slice(0, 6) ?? [];
  const more = (
    <Link to="/contacts" className="text-[12.5px]">
      {t("home.openContacts")}
    </Link>
  );
  return (
    <Panel title={t("home.newest")} note={t("home.newestNote")} more={more} flush>
      {query.isPending ? (
        <SkeletonRows rows={6} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={t("home.newestNone")}>{t("home.newestNoneText")}</Empty>
      ) : (
        <ul className="divide-y divide-line">
          {items.map((contact) => (
            <li key={contact.id}>
              <PlainLink
                to="/contacts/$id"
                params={{ id: contact.id }}
                className="flex min-h-[57px] items-center gap-3 px-[18px] py-2.5 hover:bg-hover"
              >
                <Avatar name={contact.display_name} id={contact.id} />
                <span className="min-w-0 flex-1">
                  <b className="block text-[13.5px] leading-[1.35] font-[570]">
                    <Own>{contact.display_name}</Own>
                  </b>
                  <span className="block truncate text-[12.5px] text-muted">
                    {contact.company_name ?? contact.email ?? contact.phone}
                  </span>
                </span>
                <StageChip stage={contact.stage} stages={known.data ?? []} />
                <time dateTime={contact.created_at} className="num w-16 text-end text-cap whitespace-nowrap text-muted">
                  {formats.when(contact.created_at)}
                </time>
              </PlainLink>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
