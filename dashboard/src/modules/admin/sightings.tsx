import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { useBox } from "@/ui/size";
import { Failed, Skeleton } from "@/ui/states";
import { type Admin, admin, ok } from "./api";

const DAYS = 14;
const HEIGHT = 132;

/** Where widgets of all accounts were shown, and where they were refused: a day at a time, as the edges count. */
export function WidgetOrigins() {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery({
    queryKey: ["admin", "sightings"],
    queryFn: ({ signal }) => ok(admin.GET("/v1/sightings", { signal })),
    refetchInterval: 60_000,
  });
  const { data } = query;
  return (
    <Panel title={t("admin.origins")} note={t("admin.originsNote")}>
      {query.isPending ? (
        <Skeleton className="h-[132px] w-full" />
      ) : !data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : data.days.length === 0 ? (
        <p className="py-4 text-sm text-muted">{t("admin.noSightings")}</p>
      ) : (
        <Chart days={filled(data.days)} />
      )}
      {data && data.refused.length > 0 && (
        <ul className="mt-3 border-line border-t">
          {data.refused.map(({ origin, tenant, tenant_id, widget, count }) => (
            <li
              key={`${origin}${tenant_id}${widget}`}
              className="flex items-center gap-3 border-line border-b py-2.5 text-[13.5px] last:border-0"
            >
              <span className="min-w-0 flex-1">
                <bdi className="block truncate font-mono text-[12px]">{origin}</bdi>
                <span className="block truncate text-[12.5px] text-muted">
                  <bdi>{widget}</bdi> ·{" "}
                  <Link to="/admin/accounts/$id" params={{ id: tenant_id }}>
                    <bdi>{tenant}</bdi>
                  </Link>
                </span>
              </span>
              <span className="num shrink-0 font-semibold" title={t("admin.refused")}>
                {formats.count(count)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Days on which nothing happened are days too. */
export function filled(days: readonly Admin["SightingDay"][], now = new Date()): Admin["SightingDay"][] {
  const known = new Map(days.map((day) => [day.day, day]));
  return Array.from({ length: DAYS }, (_, index) => {
    const at = new Date(now.getTime() - (DAYS - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    return known.get(at) ?? { day: at, seen: 0, refused: 0 };
  });
}

/** Two lines, each named at its end. */
function Chart({ days }: { days: readonly Admin["SightingDay"][] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useBox(frame);
  const most = Math.max(1, ...days.flatMap(({ seen, refused }) => [seen, refused]));
  const rtl = typeof document !== "undefined" && document.documentElement.dir === "rtl";
  const room = Math.max(40, width - 8);
  const x = (index: number) => {
    const along = 4 + (index / (DAYS - 1)) * room;
    return rtl ? width - along : along;
  };
  const y = (count: number) => 8 + (1 - count / most) * (HEIGHT - 34);
  const line = (of: "seen" | "refused") =>
    days.map((day, index) => `${index ? "L" : "M"}${x(index).toFixed(1)} ${y(day[of]).toFixed(1)}`).join("");
  const sum = (of: "seen" | "refused") => days.reduce((all, day) => all + day[of], 0);
  const day = (text: string) =>
    new Intl.DateTimeFormat(formats.locale, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(text));
  const [first, last] = [days[0], days.at(-1)];
  return (
    <div ref={frame}>
      {width > 0 && (
        <svg
          role="img"
          aria-label={t("admin.chart", { seen: formats.count(sum("seen")), refused: formats.count(sum("refused")) })}
          width={width}
          height={HEIGHT}
          className="block"
        >
          {[0, 0.5, 1].map((part) => (
            <path key={part} d={`M0 ${y(most * part)}H${width}`} stroke="var(--chart-grid)" />
          ))}
          <path d={line("seen")} fill="none" stroke="var(--chart-1)" strokeWidth="2" />
          <path d={line("refused")} fill="none" stroke="var(--chart-4)" strokeWidth="2" strokeDasharray="6 4" />
          <g fill="var(--muted)" fontSize="11">
            <text x={x(0)} y={HEIGHT - 6} textAnchor={rtl ? "end" : "start"}>
              {first && day(first.day)}
            </text>
            <text x={x(DAYS - 1)} y={HEIGHT - 6} textAnchor={rtl ? "start" : "end"}>
              {last && day(last.day)}
            </text>
          </g>
        </svg>
      )}
      <dl className="num mt-2 flex flex-wrap gap-x-5 gap-y-1 text-[12.5px]">
        <div className="flex items-center gap-2">
          <dt className="flex items-center gap-2 text-muted">
            <svg aria-hidden="true" width="18" height="4">
              <path d="M0 2H18" stroke="var(--chart-1)" strokeWidth="2" />
            </svg>
            {t("admin.shown")}
          </dt>
          <dd className="font-semibold">{formats.count(sum("seen"))}</dd>
        </div>
        <div className="flex items-center gap-2">
          <dt className="flex items-center gap-2 text-muted">
            <svg aria-hidden="true" width="18" height="4">
              <path d="M0 2H18" stroke="var(--chart-4)" strokeWidth="2" strokeDasharray="6 4" />
            </svg>
            {t("admin.refused")}
          </dt>
          <dd className="font-semibold">{formats.count(sum("refused"))}</dd>
        </div>
      </dl>
    </div>
  );
}
