import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tenant as current } from "@/api/queries";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { daysLeft } from "@/ui/days-left";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { limitName } from "../limit";
import { ClientRow, Known, type Query } from "./rows";

/** What is nearly used up. Without any there is no panel: no news is good news. */
export function Limits({ query }: { query: Query }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const own = useMe()?.tenant.id;
  if (query.data?.limits.length === 0) return null;
  return (
    <Panel title={t("home.limits")} flush>
      <Known query={query} rows={3}>
        {({ limits }) => (
          <ul className="divide-y divide-line">
            {limits.slice(0, 6).map(({ tenant, name, limit, used, most }) => (
              <ClientRow
                key={`${tenant} ${limit}`}
                id={tenant}
                name={name}
                sub={t(`home.limit.${limitName(limit)}`)}
                to={tenant === own ? "/clients" : undefined}
              >
                <span className="w-[120px] shrink-0">
                  <span className="num flex justify-between text-cap">
                    <span className="text-muted">{t("home.of", { used: count(used), most: count(most) })}</span>
                    <span className={used >= most ? "text-danger-text" : "text-warning-text"}>
                      {Math.floor((100 * used) / most)}%
                    </span>
                  </span>
                  <span aria-hidden="true" className="mt-1 block h-1 overflow-hidden rounded-full bg-line">
                    <span
                      className={`block h-full rounded-full ${used >= most ? "bg-danger" : "bg-warning"}`}
                      style={{ width: `${Math.min(100, (100 * used) / most)}%` }}
                    />
                  </span>
                </span>
              </ClientRow>
            ))}
          </ul>
        )}
      </Known>
    </Panel>
  );
}

const MONTH = 30 * 86_400_000;

/** Who tries a plan, and for how long yet: days, never a percentage. The agency's own trial comes first. */
export function Trials({ query }: { query: Query }) {
  const { t } = useTranslation();
  const { day } = useFormats();
  const own = useQuery(current).data;
  if (!query.data) return null;
  const trials = [...query.data.trials.slice(0, 6)];
  // As with clients: what was over long ago is no news.
  if (own?.trial_ends_at && Date.parse(own.trial_ends_at) > Date.now() - MONTH)
    trials.unshift({ tenant: own.id, name: own.name, ends_at: own.trial_ends_at });
  if (trials.length === 0) return null;
  return (
    <Panel title={t("home.trials")} flush>
      <ul className="divide-y divide-line">
        {trials.map(({ tenant, name, ends_at }) => {
          const left = daysLeft(ends_at);
          const over = Date.parse(ends_at) <= Date.now();
          return (
            <ClientRow
              key={tenant}
              id={tenant}
              name={name}
              sub={t(over ? "home.trialOver" : "home.trialEnds", { date: day(ends_at) })}
              to={tenant === own?.id ? "/settings/plan" : undefined}
            >
              <span className={`num text-[12.5px] ${over ? "text-warning-text" : "text-ink-2"}`}>
                {over ? t("home.trialIsOver") : t("home.daysLeft", { count: left })}
              </span>
            </ClientRow>
          );
        })}
      </ul>
    </Panel>
  );
}

export function Newest({ query }: { query: Query }) {
  const { t } = useTranslation();
  const { when } = useFormats();
  return (
    <Panel title={t("home.newestClients")} note={t("home.newestNote")} flush>
      <Known query={query} rows={3}>
        {({ newest }) =>
          newest.length === 0 ? (
            <Empty title={t("client.none")}>{t("client.noneText")}</Empty>
          ) : (
            <ul className="divide-y divide-line">
              {newest.map((client) => (
                <ClientRow key={client.id} id={client.id} name={client.name} sub={client.slug}>
                  {client.activated_at && (
                    <time dateTime={client.activated_at} className="num text-cap whitespace-nowrap text-muted">
                      {when(client.activated_at)}
                    </time>
                  )}
                </ClientRow>
              ))}
            </ul>
          )
        }
      </Known>
    </Panel>
  );
}
