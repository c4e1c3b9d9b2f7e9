import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Section } from "@/modules/settings/section";
import { Avatar } from "@/ui/avatar";
import { Filter, FilterChip } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Link } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Lines, type RowPlace } from "@/ui/rows";
import { Empty } from "@/ui/states";
import { type Asked, type Entry, entries, useNames } from "./data";
import { ExportLog } from "./export";
import { Verdict } from "./verdict";

/** What the log is about: the resources that write into it. */
const SUBJECTS = [
  "contacts",
  "companies",
  "deals",
  "tasks",
  "activities",
  "notes",
  "attachments",
  "follow_ups",
  "occasions",
  "greetings",
  "segments",
  "tags",
  "consents",
  "contact_imports",
  "pipelines",
  "custom_fields",
  "report_schedules",
  "forms",
  "submissions",
  "members",
  "invitations",
  "roles",
  "teams",
  "impersonations",
  "sessions",
  "api_keys",
  "tenants",
  "brands",
  "widgets",
  "origins",
  "webhooks",
  "data_requests",
] as const;

export function AuditPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const asked = useSearch({ strict: false }) as Asked;
  const names = useNames();
  const query = useInfiniteQuery(entries(asked));
  const choose = (next: Asked) => {
    const given = Object.fromEntries(Object.entries({ ...asked, ...next }).filter(([, value]) => value));
    void navigate({ to: "/settings/audit", search: given, replace: true });
  };
  const narrowed = Object.values(asked).some(Boolean);
  return (
    <Section id="audit" wide actions={<ExportLog asked={asked} />}>
      <Verdict />
      <div className="flex flex-wrap items-center gap-2">
        <Filter
          label={t("audit.who")}
          value={asked.who}
          choices={names.people.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(who) => choose({ who })}
        />
        <Filter
          label={t("audit.what")}
          value={asked.what}
          choices={SUBJECTS.map((value) => ({ value, label: t(`audit.subjects.${value}`) }))}
          onChange={(what) => choose({ what })}
        />
        <Days {...asked} onChange={choose} />
      </div>
      <Panel bare>
        <Listed
          query={query}
          rows={8}
          empty={<Empty title={t("audit.empty")}>{t("audit.emptyText")}</Empty>}
          {...(narrowed && { onClear: () => void navigate({ to: "/settings/audit", search: {}, replace: true }) })}
        >
          {(items, more) => (
            <Lines items={items} height={61} more={more} className="divide-y divide-line">
              {(entry, place) => <Row key={entry.id} entry={entry} names={names} place={place} />}
            </Lines>
          )}
        </Listed>
      </Panel>
    </Section>
  );
}

/** On which days: one place to choose both ends, so that they take no lines of their own on a phone. */
function Days({ from, to, onChange }: Asked & { onChange: (next: Asked) => void }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const shown =
    from && to
      ? day.formatRange(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`))
      : from
        ? `${t("audit.from")} ${day.format(new Date(`${from}T00:00Z`))}`
        : to && `${t("audit.to")} ${day.format(new Date(`${to}T00:00Z`))}`;
  return (
    <FilterChip label={t("audit.when")} shown={shown} onClear={() => onChange({ from: undefined, to: undefined })}>
      {() => (
        <div className="flex w-60 flex-col gap-3 p-3">
          <Day label={t("audit.from")} value={from} max={to} onChange={(next) => onChange({ from: next })} />
          <Day label={t("audit.to")} value={to} min={from} onChange={(next) => onChange({ to: next })} />
        </div>
      )}
    </FilterChip>
  );
}

function Day(props: {
  label: string;
  value: string | undefined;
  min?: string | undefined;
  max?: string | undefined;
  onChange: (day: string | undefined) => void;
}) {
  const id = useId();
  return (
    <label htmlFor={id} className="text-cap text-muted">
      <span className="mb-1 block">{props.label}</span>
      <input
        id={id}
        type="date"
        value={props.value ?? ""}
        min={props.min}
        max={props.max}
        onChange={(event) => props.onChange(event.target.value || undefined)}
        className={`${inputLook} ${inputHeight} num`}
      />
    </label>
  );
}

function Row({ entry, names, place }: { entry: Entry; names: ReturnType<typeof useNames>; place: RowPlace }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { client } = entry;
  const kind = (["user", "api_key", "visitor", "system", "admin"] as const).find((one) => one === entry.actor_kind);
  const actor = names.actor(entry) ?? t(`audit.kinds.${kind ?? "system"}`);
  const behalf = entry.on_behalf_of ? (names.behalf(entry) ?? t("audit.account")) : undefined;
  return (
    <li {...place} className="flex min-h-[52px] items-start gap-3 px-[18px] py-2.5 max-md:px-4">
      <Avatar name={actor} id={entry.actor ?? entry.actor_kind} />
      <span className="min-w-0 flex-1">
        <span className="block text-[13.5px] break-words">
          <b className="font-[590]">
            <bdi>{actor}</bdi>
          </b>
          {behalf && <span className="text-sun-text"> {t("audit.behalf", { name: behalf })}</span>}
          <span className="text-muted"> · </span>
          {entry.title}
          {client?.name && (
            <>
              <span className="text-muted"> · </span>
              {client.gone ? (
                <span title={client.id}>
                  <bdi>{client.name}</bdi> <span className="text-muted">({t(`audit.gone.${client.gone}`)})</span>
                </span>
              ) : (
                <Link to="/clients/$id" params={{ id: client.id }} title={client.id}>
                  <bdi>{client.name}</bdi>
                </Link>
              )}
            </>
          )}
        </span>
        <span className="block text-cap break-all text-muted">
          <code className="font-mono">{entry.kind}</code>
          {/* Where its name stands, the id is told with it. */}
          {!(client?.name && client.id === entry.subject_id) && (
            <>
              {" · "}
              <code className="font-mono">{entry.subject_id}</code>
            </>
          )}
        </span>
      </span>
      <span className="num shrink-0 text-end text-[12.5px] text-muted">
        <time dateTime={entry.occurred_at} title={formats.full(entry.occurred_at)} className="block">
          {formats.when(entry.occurred_at)}
        </time>
        <span title={entry.hash}>#{formats.count(entry.seq)}</span>
      </span>
    </li>
  );
}
