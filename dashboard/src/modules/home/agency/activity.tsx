import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { WeekStrip } from "@/modules/clients/strip";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import type { Overview } from "../data";
import { ClientRow, Known, type Query } from "./rows";

/** What went on at clients in seven days, those first where most did. */
export function Activity({ query }: { query: Query }) {
  const { t } = useTranslation();
  const more = (
    <Link to="/clients" className="text-[12.5px]">
      {t("home.allClients")}
    </Link>
  );
  return (
    <Panel title={t("home.activity")} note={t("home.sevenDays")} more={more} flush>
      <Known query={query} rows={6}>
        {({ busiest }) =>
          busiest.length === 0 ? (
            <Empty title={t("home.activityNone")}>{t("home.activityNoneText")}</Empty>
          ) : (
            <ul className="divide-y divide-line">
              {busiest.slice(0, 10).map((client) => (
                <Row key={client.id} client={client} />
              ))}
            </ul>
          )
        }
      </Known>
    </Panel>
  );
}

function Row({ client }: { client: Overview["busiest"][number] }) {
  const { t } = useTranslation();
  const { count, ago } = useFormats();
  const { week } = client;
  return (
    <ClientRow id={client.id} name={client.name} sub={week.last_at && t("home.lastAt", { when: ago(week.last_at) })}>
      <span className="w-[120px] shrink-0 max-md:order-last max-md:w-full">
        <WeekStrip client={client} />
      </span>
      <span className="num w-[104px] shrink-0 text-end text-[12.5px] text-muted max-sm:w-auto">
        <b className="text-[13.5px] font-semibold text-ink">{count(week.week.events)}</b>{" "}
        {t("home.eventsWord", { count: week.week.events })}
      </span>
    </ClientRow>
  );
}
