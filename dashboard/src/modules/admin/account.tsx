import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { daysLeft } from "@/ui/days-left";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { AccountActions } from "./account-actions";
import { AccountHistory } from "./account-history";
import { Entitlements } from "./entitlements";
import { type Admin, account } from "./api";
import { AdminPage } from "./page";
import { Moment, StateChip } from "./parts";

export function AccountPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/admin/accounts/$id" });
  const found = useQuery(account(id));
  const one = found.data;
  const kind = one?.kind === "agency" ? "agencies" : "clients";
  return (
    <AdminPage title={t(`admin.nav.${kind}`)} record={one?.name} back={`/admin/${kind}`}>
      <div className="flex flex-col gap-4 px-7 pt-4 pb-8 max-md:px-4">
        {found.isPending ? (
          <Panel bare>
            <SkeletonRows rows={4} tall />
          </Panel>
        ) : !one ? (
          <Panel bare>
            <Failed error={found.error} onRetry={() => void found.refetch()} />
          </Panel>
        ) : (
          <>
            <Head account={one} />
            <div className="grid items-start gap-4 xl:grid-cols-2">
              <Entitlements account={one} />
              <AccountHistory account={one} />
            </div>
          </>
        )}
      </div>
    </AdminPage>
  );
}

function Head({ account: one }: { account: Admin["Account"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Panel label={one.name}>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <Avatar name={one.name} id={one.id} square size="xl" />
        <div className="min-w-0 flex-1 basis-52">
          <b className="wide block text-h1 leading-tight font-[590] break-words">
            <bdi>{one.name}</bdi>
          </b>
          <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
            <StateChip account={one} />
            <span>{one.kind === "agency" ? t("admin.agency") : t("admin.client")}</span>
            {one.slug && <bdi>{one.slug}</bdi>}
          </p>
          {one.stop_reason && (
            <p className="mt-2 text-sm">
              <span className="text-muted">
                {one.stopped_by_platform ? t("admin.stoppedByPlatform") : t("admin.stoppedByAgency")}{" "}
              </span>
              <bdi>{one.stop_reason}</bdi>
            </p>
          )}
        </div>
        <AccountActions account={one} />
      </div>
      <dl className="mt-4 grid grid-cols-[repeat(auto-fit,minmax(130px,1fr))] gap-x-5 gap-y-3 border-line border-t pt-4 text-sm">
        {one.kind === "client" && one.parent_id && (
          <Fact label={t("admin.agency")}>
            <Link to="/admin/accounts/$id" params={{ id: one.parent_id }} className="reach">
              <bdi>{one.parent_name}</bdi>
            </Link>
          </Fact>
        )}
        {one.kind === "agency" && (
          <Fact label={t("admin.nav.clients")}>
            <Link to="/admin/clients" search={{ agency: one.id }} className="reach">
              {formats.count(one.clients)}
            </Link>
          </Fact>
        )}
        <Fact label={t("admin.plan")}>
          {one.plan_name ?? t("admin.noPlan")}
          {one.kind === "client" && !one.plan_id && one.plan_name && (
            <span className="text-muted"> {t("admin.asAgency")}</span>
          )}
        </Fact>
        {one.trial_ends_at && (
          <Fact label={t("admin.trial")}>
            <TrialEnd at={one.trial_ends_at} />
          </Fact>
        )}
        <Fact label={t("admin.members")}>{formats.count(one.members)}</Fact>
        <Fact label={t("admin.since")}>
          <Moment at={one.activated_at} />
        </Fact>
        <Fact label={t("admin.schemaVersion")}>
          <Link to="/admin/schemas" search={{ q: one.name }} className="reach">
            V{one.schema_version}
          </Link>
        </Fact>
        <Fact label={t("admin.id")} wide>
          <code className="font-mono text-[12px] break-all select-all">{one.id}</code>
        </Fact>
      </dl>
    </Panel>
  );
}

function Fact({ label, wide, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? "col-span-2 min-w-0" : "min-w-0"}>
      <dt className="text-cap text-muted">{label}</dt>
      <dd className="num mt-0.5 font-[540]">{children}</dd>
    </div>
  );
}

/** When the days to try its plan are over, or since when they are. */
function TrialEnd({ at }: { at: string }) {
  const { t } = useTranslation();
  const date = useFormats().day(at);
  return Date.parse(at) <= Date.now() ? (
    <span className="text-warning-text">{t("admin.trialOver", { date })}</span>
  ) : (
    t("admin.trialLeft", { count: daysLeft(at), date })
  );
}
