import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Chip } from "@/ui/chip";
import { PlainLink } from "@/ui/link";
import { money } from "@/ui/money";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import type { Whose } from "./around";

type Service = Schema["ClientService"];
type State = Schema["TermState"];

const SHOWN = 6;

const read = (whose: Whose, signal: AbortSignal) =>
  "company" in whose
    ? ok(api.GET("/v1/companies/{id}/services", { params: { path: { id: whose.company } }, signal }))
    : ok(api.GET("/v1/contacts/{id}/services", { params: { path: { id: whose.contact } }, signal }));

/** What was bought: services with their terms, projects with their days. A person of whom nothing was sold has no such card. */
export function ServicesOf({ whose }: { whose: Whose }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["deals", "services", whose],
    queryFn: ({ signal }) => read(whose, signal),
  });
  const { data } = query;
  const bought = (data?.services.length ?? 0) + (data?.projects.length ?? 0);
  const room = "company" in whose ? "mb-6" : undefined;
  if ("contact" in whose && !query.isError && bought === 0) return null;
  if (query.isError && !data)
    return (
      <Panel title={t("deals.services.title")} className={room}>
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      </Panel>
    );
  if (!data)
    return (
      <Panel title={t("deals.services.title")} label={t("deals.services.title")} flush className={room}>
        <SkeletonRows rows={2} />
      </Panel>
    );
  return (
    <Panel title={t("deals.services.title")} label={t("deals.services.title")} flush className={room}>
      {bought === 0 ? (
        <p className="px-[18px] pb-4 text-sm text-muted max-md:px-4">{t("deals.services.none")}</p>
      ) : (
        <>
          {data.services.length > 0 && (
            <Rows label={t("deals.services.services")}>
              {data.services.map((one, index) => (
                <Row
                  key={`${one.deal}${index}`}
                  deal={one.deal}
                  name={one.name}
                  state={one.state}
                  under={one.deal_title}
                >
                  <Paid one={one} />
                </Row>
              ))}
            </Rows>
          )}
          {data.projects.length > 0 && (
            <Rows label={t("deals.services.projects")}>
              {data.projects.map((one) => (
                <Row key={one.deal} deal={one.deal} name={one.title} state={one.state}>
                  <Amount {...one} />
                  <Days starts={one.starts_on} ends={one.ends_on} />
                </Row>
              ))}
            </Rows>
          )}
        </>
      )}
    </Panel>
  );
}

/** The first few; the others are a touch away. */
function Rows({ label, children }: { label: string; children: React.ReactNode[] }) {
  const { t } = useTranslation();
  const rest = children.slice(SHOWN);
  return (
    <section aria-label={label} className="border-line not-first:border-t">
      <h3 className="px-[18px] pt-2 text-cap text-muted max-md:px-4">{label}</h3>
      <ul>{children.slice(0, SHOWN)}</ul>
      {rest.length > 0 && (
        <details>
          <summary className="flex min-h-10 cursor-pointer items-center px-[18px] text-sm text-muted coarse:min-h-11 max-md:px-4">
            {t("deals.services.more", { count: rest.length })}
          </summary>
          <ul>{rest}</ul>
        </details>
      )}
    </section>
  );
}

const TONE = { running: "success", coming: "accent", ended: "neutral", done: "neutral" } as const satisfies Record<
  State,
  string
>;

function Row(props: { deal: string; name: string; state: State; under?: string; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-0.5 px-[18px] py-1.5 text-sm max-md:px-4">
      <span className="min-w-0 flex-1 basis-28">
        <PlainLink
          to="/deals/$id"
          params={{ id: props.deal }}
          className="reach flex min-w-0 font-[540] hover:underline"
        >
          <Own title={props.name}>{props.name}</Own>
        </PlainLink>
        {props.under && <bdi className="block truncate text-cap text-muted">{props.under}</bdi>}
      </span>
      <span className="num shrink-0 text-end">{props.children}</span>
      <Chip tone={TONE[props.state]}>{t(`deals.services.state.${props.state}`)}</Chip>
    </li>
  );
}

function Amount({ amount, currency }: { amount: number; currency: string }) {
  const { locale } = useFormats();
  return <span className="block">{amount > 0 ? money(amount, currency, locale) : "–"}</span>;
}

function Paid({ one }: { one: Service }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const amount = money(one.total, one.currency, locale);
  return (
    <>
      <span className="block">
        {one.billing === "once" ? amount : t(`deals.services.per.${one.billing}`, { amount })}
      </span>
      <Days starts={one.starts_on} ends={one.ends_on} />
    </>
  );
}

function Days({ starts, ends }: { starts: string; ends?: string | null | undefined }) {
  const { locale } = useFormats();
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const at = (day: string) => new Date(`${day}T12:00:00Z`);
  return (
    <span className="block text-cap text-muted">
      {ends && ends >= starts ? format.formatRange(at(starts), at(ends)) : format.format(at(starts))}
    </span>
  );
}
