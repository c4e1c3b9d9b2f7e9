import { useTranslation } from "react-i18next";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Admin, useList } from "./api";
import { sayEvent } from "./event";
import { Moment } from "./parts";

/** What happened to an account lately, by whom. */
export function AccountHistory({ account: one }: { account: Admin["Account"] }) {
  const { t } = useTranslation();
  const query = useList("/v1/audit", { limit: 12, filter: [`tenant_id:eq:${one.id}`] });
  return (
    <Panel
      title={t("admin.history")}
      flush
      more={
        <Link to="/admin/audit" search={{ tenant: one.id }} className="text-sm">
          {t("admin.nav.audit")}
        </Link>
      }
    >
      {query.isPending ? (
        <SkeletonRows rows={6} />
      ) : query.isError && query.rows.length === 0 ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.rows.length === 0 ? (
        <p className="px-[18px] pb-4 text-sm text-muted">{t("admin.noHistory")}</p>
      ) : (
        <ol>
          {query.rows.map((entry) => (
            <li
              key={entry.id}
              className="flex items-baseline gap-3 border-line border-t px-[18px] py-2.5 text-[13.5px] first:border-0 max-md:px-4"
            >
              <span className="min-w-0 flex-1">
                {sayEvent(t, entry)}
                {entry.about && <bdi>: {entry.about}</bdi>}
                {entry.actor && <bdi className="text-muted"> {t("event.by", { name: entry.actor })}</bdi>}
              </span>
              <span className="shrink-0 text-[12.5px] text-muted">
                <Moment at={entry.occurred_at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
