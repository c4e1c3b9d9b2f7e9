import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { may, type Me } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { clientsOverview, today } from "@/modules/home/data";
import { limitName } from "@/modules/home/limit";
import { weekDots } from "@/modules/clients/week";
import { ActivityStrip } from "@/sky/ActivityStrip/ActivityStrip";
import { useMinute } from "@/sky/base/useMinute";

const PARTS_A_DAY = 8;

/** The day in the rail's foot: a dot for what happened, and how much that is. An agency sees its clients' day. */
export function Foot({ me }: { me: Me }) {
  if (me.tenant.kind === "agency" && may(me, "tenants.clients.read")) return <Clients />;
  return may(me, "activities.read") ? <Own /> : null;
}

function Own() {
  const { zone, dayKey } = useFormats();
  const { t } = useTranslation();
  const now = useMinute();
  const { data } = useQuery({ ...today(dayKey(new Date(now))), enabled: zone !== undefined });
  const total = data?.counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <Strip dots={data?.stars} now={now} zone={zone}>
      {total === undefined ? "" : total > 0 ? t("home.soFar", { count: total }) : t("home.nothingToday")}
    </Strip>
  );
}

function Clients() {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const now = useMinute();
  const { data } = useQuery(clientsOverview);
  const dots = useMemo(() => data && weekDots("all", data.parts, data.since), [data]);
  const total = data?.parts.slice(-PARTS_A_DAY).reduce((sum, count) => sum + count, 0);
  const near = data?.limits[0];
  return (
    <>
      <Strip dots={dots} now={now} zone={zone}>
        {total === undefined ? "" : total > 0 ? t("home.atClients", { count: total }) : t("home.nothingToday")}
      </Strip>
      {near && <Near limit={near} />}
    </>
  );
}

/** The limit that is nearest, from eight tenths on: whose it is, and how much is left of it. */
function Near({ limit: { name, limit, used, most } }: { limit: Schema["NearLimit"] }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const full = used >= most;
  return (
    <p className="-me-3.5 border-line border-t pt-2 pe-3.5 text-cap text-muted">
      <span className="block px-2.5 pb-2">
        <bdi className="block truncate">{name}</bdi>
        <span className="num flex justify-between gap-2">
          <span className="truncate">{t(`home.limit.${limitName(limit)}`)}</span>
          <b className={full ? "font-[560] text-danger-text" : "font-[560] text-ink-2"}>
            {t("home.of", { used: count(used), most: count(most) })}
          </b>
        </span>
        <span aria-hidden="true" className="mt-1.5 block h-1 overflow-hidden rounded-full bg-line">
          <span
            className={`block h-full rounded-full ${full ? "bg-danger" : "bg-warning"}`}
            style={{ width: `${Math.min(100, (100 * used) / most)}%` }}
          />
        </span>
      </span>
    </p>
  );
}

interface StripProps {
  dots: Parameters<typeof ActivityStrip>[0]["events"] | undefined;
  now: number;
  zone: string | undefined;
  children: string;
}

function Strip({ dots, now, zone, children }: StripProps) {
  return (
    <div className="px-2.5 pt-2 pb-1.5">
      <div className="h-[26px]">
        {zone && dots && dots.length > 0 && <ActivityStrip events={dots} now={now} zone={zone} height={26} silent />}
      </div>
      <p className="num mt-1.5 h-[17px] truncate text-cap text-muted">{children}</p>
    </div>
  );
}
