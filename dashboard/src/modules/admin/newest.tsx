import { useTranslation } from "react-i18next";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { useList } from "./api";
import { sayEvent } from "./event";
import { Moment } from "./parts";

/** What happened lately, on the platform and to its accounts: people who come and go leave the most, and are left out. */
export function AccountsOnTheMove() {
  const { t } = useTranslation();
  const filter = ["subject:in:tenants,clients,plans,flags,settings,jobs,embed_keys,impersonations,transfers"];
  const query = useList("/v1/audit", { limit: 10, filter }, 60_000);
  return (
    <Panel
      title={t("admin.lately")}
      flush
      more={
        <Link to="/admin/audit" className="text-sm">
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
        <ol className="pb-1.5">
          {query.rows.map((entry) => (
            <li
              key={entry.id}
              className="flex items-baseline gap-3 border-line border-t px-[18px] py-2.5 text-[13.5px] first:border-0 max-md:px-4"
            >
              <span className="min-w-0 flex-1">
                <span className="block">{sayEvent(t, entry)}</span>
                <span className="block truncate text-[12.5px] text-muted">
                  <bdi>{[entry.about, entry.tenant, entry.actor].filter(Boolean).join(" · ")}</bdi>
                </span>
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
