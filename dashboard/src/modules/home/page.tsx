import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { useClients, worstFirst } from "@/modules/clients/data";
import { Health } from "@/modules/clients/health";
import { StageChip } from "@/modules/contacts/columns";
import { contacts, stages } from "@/modules/contacts/data";
import { unread } from "@/modules/notifications/data";
import { NotificationList, ReadAll } from "@/modules/notifications/list";
import { Page } from "@/shell/page";
import { Avatar } from "@/ui/avatar";
import { Boundary } from "@/ui/boundary";
import { Link, PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";

/** The verdict first, then the facts. */
export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const count = useQuery(unread).data?.count;
  const name = me?.user?.name.split(/\s+/)[0];
  return (
    <Page title={t("home.title")}>
      <div className="flex flex-col gap-4 px-7 pt-6 pb-8 max-md:gap-3.5 max-md:px-4 max-md:pt-4">
        <header className="max-w-[640px] pb-2">
          {name && (
            <p className="wider text-display font-[570] text-balance max-md:text-[26px]">
              {t(`home.${partOfDay()}`, { name })}
            </p>
          )}
          {count !== undefined && (
            <p className="mt-2 text-[15px] text-ink-2">{count > 0 ? t("home.waiting", { count }) : t("home.calm")}</p>
          )}
        </header>
        <div className="grid items-start gap-4 max-md:gap-3.5 lg:grid-cols-2">
          <Column>
            {me?.tenant.kind === "agency" && may(me, "tenants.clients.read") && <Attention />}
            {me && may(me, "contacts.read") && <Newest />}
          </Column>
          <Column>
            <Panel title={t("home.needs")} more={<ReadAll disabled={!count} />} flush>
              <Boundary>
                <NotificationList which="unread" />
              </Boundary>
            </Panel>
          </Column>
        </div>
      </div>
    </Page>
  );
}

function Column({ children }: { children: ReactNode }) {
  return <div className="flex min-w-0 flex-col gap-4 empty:hidden max-md:gap-3.5">{children}</div>;
}

function partOfDay(): "morning" | "afternoon" | "evening" {
  const hour = new Date().getHours();
  return hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
}

function Attention() {
  const { t } = useTranslation();
  const query = useClients();
  const worst = query.items.filter(({ health }) => health === "attention" || health === "stopped").sort(worstFirst);
  const more = (
    <Link to="/clients" className="text-[12.5px]">
      {t("home.openClients")}
    </Link>
  );
  return (
    <Panel title={t("home.attention")} more={more} flush>
      {query.isPending ? (
        <SkeletonRows rows={3} tall />
      ) : query.isError && query.items.length === 0 ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : worst.length === 0 ? (
        <Empty title={query.items.length === 0 ? t("clients.emptyTitle") : t("home.attentionNone")}>
          {t("home.attentionNoneText")}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {worst.slice(0, 6).map((client) => (
            <li key={client.id} className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5">
              <Avatar name={client.name} id={client.id} square size="md" />
              <span className="min-w-0 flex-1 truncate text-[13.5px] font-[570]">{client.name}</span>
              <Health client={client} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Newest() {
  const { t } = useTranslation();
  const formats = useFormats();
  const known = useQuery(stages);
  const query = useInfiniteQuery(contacts({}, []));
  const items = query.data?.pages[0]?.items.slice(0, 6) ?? [];
  const more = (
    <Link to="/contacts" className="text-[12.5px]">
      {t("home.openContacts")}
    </Link>
  );
  return (
    <Panel title={t("home.newest")} note={t("home.newestNote")} more={more} flush>
      {query.isPending ? (
        <SkeletonRows rows={5} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Empty title={t("contacts.emptyTitle")}>{t("contacts.emptyText")}</Empty>
      ) : (
        <ul className="divide-y divide-line">
          {items.map((contact) => (
            <li key={contact.id}>
              <PlainLink
                to="/contacts/$id"
                params={{ id: contact.id }}
                className="flex min-h-[52px] items-center gap-3 px-[18px] py-2.5 hover:bg-hover"
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
