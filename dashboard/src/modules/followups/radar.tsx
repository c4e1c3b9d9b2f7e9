import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ChevronRight, Milestone } from "lucide-react";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { stages } from "@/modules/contacts/data";
import { useMembers } from "@/modules/tasks/data";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { useMinute } from "@/sky/base/useMinute";
import { Avatar } from "@/ui/avatar";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { inputHeight, inputLook } from "@/ui/input-look";
import { ButtonLink, Link, PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { RadarActs } from "./radar-acts";
import { type QuietCompany, type QuietContact, quietCompanies, quietContacts, quietFile, type Silence } from "./data";

const SPANS = ["7", "14", "30", "60", "90", "180"] as const;
const LONGEST = 3650;
/** Relationships of companies that the radar looks at. */
const STATUSES = ["prospect", "active", "inactive"] as const;
const DAY = 86_400_000;
/** On phones one line that is pushed aside: the list is what people come for. */
const ROW =
  "relative flex items-center gap-2 md:flex-wrap max-md:-mx-4 max-md:-my-1 max-md:overflow-x-auto max-md:px-4 max-md:py-1 max-md:[scrollbar-width:none]";

/** Whom nobody has been in touch with for long. */
export function RadarPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "followups.read")) return <Forbidden title={t("followups.radar.title")} needs="followups.read" />;
  // What stands above the list depends on who looks; what came later would push it down.
  return me ? <Radar /> : null;
}

function Radar() {
  const { t } = useTranslation();
  const me = useMe();
  const members = useMembers();
  const companies = useMay("companies.read");
  const exports = { contacts: useMay("contacts.export"), companies: useMay("companies.export") };
  const [who, setWho] = useState<"contacts" | "companies">("contacts");
  const [typed, setTyped] = useState("30");
  const [owner, setOwner] = useState<string>();
  const [stage, setStage] = useState<string>();
  const [status, setStatus] = useState<string>();
  const [everybody, setEverybody] = useState(false);
  const { data: allStages = [] } = useQuery(stages);
  const days = useDeferredValue(daysOf(typed));
  const narrowed = who === "contacts" ? stage && `stage:eq:${stage}` : status && `status:eq:${status}`;
  const filter = [owner && `owner:eq:${owner}`, narrowed].flatMap((one) => one || []);
  const silence: Silence = { days, everybody, filter };
  const mine = me?.user?.id;
  const owners = [
    ...(mine ? [{ value: mine, label: t("followups.radar.mine") }] : []),
    ...[...members].filter(([id]) => id !== mine).map(([value, label]) => ({ value, label })),
  ];
  return (
    <Page
      title={t("followups.radar.title")}
      back="/tasks"
      crumbs={
        <>
          <Link to="/tasks" className="font-[420] text-muted!">
            {t("followups.radar.back")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="font-semibold text-ink">{t("followups.radar.title")}</b>
        </>
      }
    >
      <div className="flex flex-col gap-4 px-7 pt-4 pb-8 max-md:px-4">
        <p className="text-sm text-muted">{t("followups.radar.text")}</p>
        <div className={ROW}>
          {companies && (
            <Segments
              label={t("followups.radar.label")}
              value={who}
              onChange={setWho}
              options={(["contacts", "companies"] as const).map((value) => ({
                value,
                label: t(`followups.radar.${value}`),
              }))}
            />
          )}
          {who === "contacts" ? (
            <Filter
              label={t("followups.radar.stage")}
              value={stage}
              choices={allStages.map(({ key, label }) => ({ value: key, label }))}
              onChange={setStage}
            />
          ) : (
            <Filter
              label={t("followups.radar.status")}
              value={status}
              choices={STATUSES.map((value) => ({ value, label: t(`followups.radar.statusOf.${value}`) }))}
              onChange={setStatus}
            />
          )}
          {owners.length > 0 && (
            <Filter label={t("followups.radar.owner")} value={owner} choices={owners} onChange={setOwner} />
          )}
          {who === "contacts" && (
            <span className="shrink-0 whitespace-nowrap px-1">
              <Switch local label={t("followups.radar.everybody")} checked={everybody} onChange={setEverybody} />
            </span>
          )}
          <span className="flex-1 max-md:hidden" />
          {exports[who] && (
            <ExportButton small name={`quiet-${who}`} load={() => quietFile(who, silence)} className="shrink-0" />
          )}
          <ButtonLink to="/tasks/follow-ups" size="small" look="ghost" className="shrink-0">
            <Milestone aria-hidden="true" />
            {t("followups.coming.title")}
          </ButtonLink>
        </div>
        <div className={`${ROW} -mt-2`}>
          <Segments
            label={t("followups.radar.days")}
            value={typed}
            onChange={setTyped}
            options={SPANS.map((value) => ({ value, label: t("followups.radar.for", { count: Number(value) }) }))}
          />
          <label className="flex shrink-0 items-center gap-2 text-sm text-muted">
            {t("followups.radar.ownDays")}
            <input
              type="number"
              inputMode="numeric"
              min={1}
              max={LONGEST}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className={`${inputLook} ${inputHeight} num w-24!`}
            />
          </label>
        </div>
        <Panel bare label={t("followups.radar.title")}>
          {who === "contacts" ? (
            <Contacts silence={silence} members={members} />
          ) : (
            <Companies silence={silence} members={members} />
          )}
        </Panel>
      </div>
    </Page>
  );
}

/** What was typed as days, as far as it can be asked for. */
const daysOf = (typed: string) => Math.min(Math.max(Math.round(Number(typed)) || 1, 1), LONGEST);

type Names = Map<string, string>;

const nobody = (title: string, text: string) => <Empty title={title}>{text}</Empty>;

function Contacts({ silence, members }: { silence: Silence; members: Names }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(quietContacts(silence));
  return (
    <Listed query={query} rows={8} empty={nobody(t("followups.radar.empty"), t("followups.radar.emptyText"))}>
      {(items) => (
        <ul className="divide-y divide-line">
          {items.map((one) => (
            <ContactRow key={one.id} one={one} owner={one.owner && members.get(one.owner)} />
          ))}
        </ul>
      )}
    </Listed>
  );
}

function ContactRow({ one, owner }: { one: QuietContact; owner?: string | null | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const kind = one.last_kind ?? "else";
  const last = one.last_contact_at
    ? t("followups.radar.last", {
        kind: t(`followups.radar.kind.${kind}` as "followups.radar.kind.else"),
        when: formats.when(one.last_contact_at),
      })
    : t("followups.radar.never");
  const facts = [
    one.company_name,
    last,
    one.open_deals > 0 && t("followups.radar.deals", { count: one.open_deals }),
    owner,
  ];
  return (
    <Row to="/contacts/$id" kind="contact" id={one.id} name={one.name} since={one.quiet_since}>
      {facts.filter(Boolean).join(" · ")}
    </Row>
  );
}

function Companies({ silence, members }: { silence: Silence; members: Names }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(quietCompanies(silence));
  return (
    <Listed query={query} rows={8} empty={nobody(t("followups.radar.empty"), t("followups.radar.emptyText"))}>
      {(items) => (
        <ul className="divide-y divide-line">
          {items.map((one) => (
            <CompanyRow key={one.id} one={one} owner={one.owner && members.get(one.owner)} />
          ))}
        </ul>
      )}
    </Listed>
  );
}

function CompanyRow({ one, owner }: { one: QuietCompany; owner?: string | null | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const facts = [
    t("followups.radar.people", { count: one.people }),
    one.last_contact_at ? formats.when(one.last_contact_at) : t("followups.radar.never"),
    owner,
  ];
  return (
    <Row to="/companies/$id" kind="company" id={one.id} name={one.name} since={one.last_contact_at ?? one.created_at}>
      {facts.filter(Boolean).join(" · ")}
    </Row>
  );
}

function Row(props: {
  to: "/contacts/$id" | "/companies/$id";
  kind: "contact" | "company";
  id: string;
  name: string;
  since: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const days = Math.max(0, Math.floor((useMinute() - Date.parse(props.since)) / DAY));
  return (
    <li className="flex items-center pe-3 hover:bg-sunken max-md:pe-2">
      <PlainLink
        to={props.to}
        params={{ id: props.id }}
        className="flex min-h-[57px] min-w-0 flex-1 items-center gap-3 py-2 ps-[18px] pe-2 max-md:ps-4"
      >
        <Avatar name={props.name} id={props.id} size="sm" />
        <span className="min-w-0 flex-1">
          <bdi className="block truncate text-sm font-[560]">{props.name}</bdi>
          <span className="block truncate text-[12.5px] text-muted">{props.children}</span>
        </span>
        <time
          dateTime={props.since}
          title={formats.full(props.since)}
          className="num shrink-0 text-end text-sm text-warning-text max-md:w-20 max-md:leading-tight"
        >
          {t("followups.radar.quiet", { count: days })}
        </time>
      </PlainLink>
      <RadarActs quiet={{ kind: props.kind, id: props.id, name: props.name }} />
    </li>
  );
}
