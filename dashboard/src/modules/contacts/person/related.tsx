import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { useMinute } from "@/sky/base/useMinute";
import { Avatar } from "@/ui/avatar";
import { PlainLink } from "@/ui/link";
import { Together } from "@/ui/together";
import { FilesBeside } from "../../attachments/beside";
import { CompaniesOf } from "../../companies/of-contact";
import { DealsBeside } from "../../deals/beside";
import { ServicesBeside } from "../../deals/services-beside";
import { OccasionsBeside } from "../../occasions/beside";
import { CustomValues } from "../../fields/values";
import { FollowUpsBeside } from "../../followups/beside";
import { SegmentsBeside } from "../../segments/beside";
import { TasksBeside } from "../../tasks/beside";
import type { Contact } from "../data";
import { Answers } from "./answers";
import { momentOf } from "../story";
import { Card } from "./card";
import { timeline } from "./data";

/** What stands beside a person: how he came, and who else he may be. */
export function Related({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const { first_touch: first, last_touch: last } = contact;
  const formats = useFormats();
  const again = last && first && last.at !== first.at;
  const at = (first ?? last)?.at;
  return (
    <Together>
      <CustomValues record="contact" id={contact.id} custom={contact.custom} over={Boolean(contact.deleted_at)} />
      <TasksBeside about="contact" id={contact.id} name={contact.display_name} />
      <OccasionsBeside about="contact" id={contact.id} name={contact.display_name} />
      <FollowUpsBeside about="contact" id={contact.id} over={Boolean(contact.deleted_at)} />
      <Coming contact={contact.id} />
      <CompaniesOf contact={contact.id} />
      <DealsBeside whose={{ contact: contact.id }} name={contact.display_name} over={Boolean(contact.deleted_at)} />
      <ServicesBeside whose={{ contact: contact.id }} />
      <FilesBeside about="contact" id={contact.id} over={Boolean(contact.deleted_at)} />
      <Answers contact={contact.id} />
      <SegmentsBeside contact={contact.id} />
      {(first || last) && (
        <Card title={t("contacts.how")} note={!again && at && <time dateTime={at}>{formats.when(at)}</time>}>
          {first && <TouchFacts touch={first} label={again ? t("contacts.firstTouch") : undefined} />}
          {again && <TouchFacts touch={last} label={t("contacts.lastTouch")} />}
        </Card>
      )}
      <Twins contact={contact} />
    </Together>
  );
}

/** Calls and meetings that have their time yet, the next one first; the story has asked for them already. */
function Coming({ contact }: { contact: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const minute = useMinute();
  const { data } = useInfiniteQuery({ ...timeline(contact), enabled: useMay("activities.read") });
  const now = new Date(minute);
  // The clock here moves by minutes; what was logged in this one has happened.
  const next = minute + 60_000;
  const plans = (data?.pages.flatMap((page) => page.items) ?? [])
    .filter((entry) => entry.activity && Date.parse(momentOf(entry)) >= next)
    .sort((a, b) => Date.parse(momentOf(a)) - Date.parse(momentOf(b)));
  if (plans.length === 0) return null;
  return (
    <Card title={t("contacts.coming")}>
      <ul>
        {plans.slice(0, 5).map((entry) => {
          const today = formats.dayKey(momentOf(entry)) === formats.dayKey(now);
          return (
            <li key={entry.id} className="flex justify-between gap-3 py-1 text-sm">
              <time
                dateTime={momentOf(entry)}
                className={`num shrink-0 ${today ? "font-[590] text-sun-text" : "text-muted"}`}
              >
                {today ? t("contacts.todayAt", { time: formats.time(momentOf(entry)) }) : formats.when(momentOf(entry))}
              </time>
              <bdi className="min-w-0 truncate text-end">{entry.activity?.title}</bdi>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function TouchFacts({ touch, label }: { touch: Schema["Touch"]; label?: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const facts: [string, string][] = [];
  const path = (address: string) => address.replace(/^https?:\/\//, "").replace(/\/$/, "");
  if (touch.utm?.campaign) facts.push([t("contacts.campaign"), touch.utm.campaign]);
  if (touch.utm?.source)
    facts.push([t("contacts.source"), [touch.utm.source, touch.utm.medium].filter(Boolean).join(" / ")]);
  if (touch.referrer) facts.push([t("contacts.referrer"), path(touch.referrer)]);
  if (touch.page) facts.push([t("contacts.page"), path(touch.page)]);
  return (
    <div className="not-first:mt-3 not-first:border-line not-first:border-t not-first:pt-3">
      {label && (
        <p className="mb-1 flex justify-between text-cap text-muted">
          <span>{label}</span>
          {touch.at && <time dateTime={touch.at}>{formats.when(touch.at)}</time>}
        </p>
      )}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-2.5 py-1 text-sm">
            <dt className="shrink-0 text-muted">{name}</dt>
            <dd className="min-w-0 text-end break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Twins({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const query = {
    ...(contact.email && { email: contact.email }),
    ...(contact.phone && { phone: contact.phone }),
    name: contact.display_name.slice(0, 100),
  };
  const { data } = useQuery({
    queryKey: ["contacts", "duplicates", contact.id, query],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts/duplicates", { params: { query }, signal })),
    staleTime: 5 * 60_000,
  });
  const others = data?.items.filter(({ id }) => id !== contact.id) ?? [];
  if (others.length === 0) return null;
  return (
    <Card title={t("contacts.duplicates", { count: others.length })}>
      <ul>
        {others.slice(0, 5).map(({ id, display_name, matched_by }) => (
          <li key={id}>
            <PlainLink
              to="/contacts/$id"
              params={{ id }}
              className="flex min-h-9 items-center gap-2 text-sm hover:underline coarse:min-h-11"
            >
              <Avatar name={display_name} id={id} size="sm" />
              <span className="min-w-0 flex-1 truncate">{display_name}</span>
              <span className="whitespace-nowrap text-cap text-muted">
                {matched_by[0] && t(`contacts.duplicateBy.${matched_by[0]}` as "contacts.duplicateBy.email")}
              </span>
            </PlainLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}
