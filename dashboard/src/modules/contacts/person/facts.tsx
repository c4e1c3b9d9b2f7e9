import { useChange } from "./change";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Choices } from "@/ui/filter";
import { Popover } from "@/ui/popover";
import { type Contact, TIERS, useMembers } from "../data";
import { nameOf } from "./named";
import { offsetOf } from "./zone";

/** How to reach somebody, who looks after him, where he is. */
export function Facts({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const owner = contact.owner ? members.get(contact.owner) : undefined;
  const { address } = contact;
  const place =
    address &&
    [
      address.line1,
      address.line2,
      [address.postal_code, address.city].filter(Boolean).join(" "),
      address.region,
      address.country && nameOf("region", i18n.language, address.country),
    ]
      .filter(Boolean)
      .join("\n");
  const facts: [string, ReactNode][] = [
    ...contact.emails.map(({ address: mail, kind }): [string, ReactNode] => [
      t("contacts.email"),
      <span key={mail}>
        <span dir="ltr">
          {mail.slice(0, mail.indexOf("@") + 1)}
          <wbr />
          {mail.slice(mail.indexOf("@") + 1)}
        </span>
        {contact.emails.length > 1 && kind && <Kind of={kind} />}
      </span>,
    ]),
    ...contact.phones.map(({ number, e164, kind }): [string, ReactNode] => [
      t("contacts.phone"),
      <span key={number}>
        <span className="num" dir="ltr">
          {e164 ?? number}
        </span>
        {contact.phones.length > 1 && kind && <Kind of={kind} />}
      </span>,
    ]),
    ...contact.profiles.map(({ url, network }): [string, ReactNode] => [
      t(`contacts.network.${network ?? "other"}`),
      <a
        key={url}
        href={url}
        target="_blank"
        rel="noreferrer"
        dir="ltr"
        aria-label={t("contacts.profileOf", { network: t(`contacts.network.${network ?? "other"}`) })}
        className="reach relative inline-block max-w-full truncate align-bottom text-accent-text hover:underline"
      >
        {shortOf(url)}
      </a>,
    ]),
    [t("contacts.owner"), <Owner key="owner" contact={contact} name={owner} />],
    [t("contacts.tier"), <Tier key="tier" contact={contact} />],
    ...(contact.source ? [[t("contacts.source"), contact.source] as [string, ReactNode]] : []),
    ...(contact.zone
      ? [[t("contacts.localTime"), <LocalTime key="zone" zone={contact.zone} />] as [string, ReactNode]]
      : []),
    ...(contact.language
      ? [[t("contacts.language"), nameOf("language", i18n.language, contact.language)] as [string, ReactNode]]
      : []),
    ...(place
      ? [
          [
            t("contacts.address"),
            <span key="place" className="whitespace-pre-line [unicode-bidi:plaintext] rtl:text-right">
              {place}
            </span>,
          ] as [string, ReactNode],
        ]
      : []),
    [
      t("contacts.createdAt"),
      <time key="made" dateTime={contact.created_at} title={formats.full(contact.created_at)}>
        {formats.when(contact.created_at)}
      </time>,
    ],
  ];
  return (
    <dl aria-label={t("contacts.facts")} className="text-sm">
      {facts.map(([label, value], index) => (
        <div key={index} className="grid grid-cols-[70px_minmax(0,1fr)] items-baseline gap-2 py-[5px]">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What of an address tells the page: the network is said beside it. */
const shortOf = (url: string) => {
  const { host, pathname, search } = new URL(url);
  const path = decodeURIComponent(`${pathname}${search}`.slice(1).replace(/^in\//, ""));
  return path || host;
};

/** What one of several is for. */
function Kind({ of }: { of: Schema["EmailKind"] | Schema["PhoneKind"] }) {
  const { t } = useTranslation();
  return <span className="text-cap text-muted"> {t(`contacts.addressKind.${of}`)}</span>;
}

/** Who looks after somebody; whoever may changes it here. */
function Owner({ contact, name }: { contact: Contact; name: string | undefined }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write") && !contact.deleted_at;
  const members = useMembers();
  const change = useChange(contact);
  const [open, setOpen] = useState(false);
  // Nobody is called by his id: until the team is known there is no name, and who left it has none.
  const unknown = members.size === 0 ? "" : t("contacts.unknownAuthor");
  const shown = contact.owner ? (name ?? unknown) : t("contacts.nobody");
  const who = (
    <span className="flex min-w-0 items-center gap-1.5">
      {contact.owner && <Avatar name={name ?? "?"} id={contact.owner} size="xs" />}
      <bdi className="min-w-0 truncate">{shown}</bdi>
    </span>
  );
  if (!writes || members.size === 0) return who;
  return (
    <Popover
      label={t("contacts.setOwner")}
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={`${t("contacts.setOwner")}: ${shown}`}
          className="relative -mx-1 max-w-full rounded-[6px] px-1 after:absolute after:-inset-y-2 after:inset-x-0 hover:bg-hover coarse:after:-inset-y-3"
        >
          {who}
        </button>
      }
    >
      <Choices
        label={t("contacts.setOwner")}
        value={contact.owner ?? ""}
        choices={[
          { value: "", label: t("contacts.nobody") },
          ...[...members].map(([value, label]) => ({ value, label })),
        ]}
        onChoose={(next) => {
          setOpen(false);
          const before = contact.owner ?? null;
          if ((next || null) !== before) change({ owner: next || null }, { owner: before }, t("contacts.ownerChanged"));
        }}
      />
    </Popover>
  );
}

/** How much somebody is worth; whoever may says it here. */
function Tier({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write") && !contact.deleted_at;
  const change = useChange(contact);
  const [open, setOpen] = useState(false);
  const shown = contact.tier ? t(`contacts.tiers.${contact.tier}`) : t("contacts.noTier");
  if (!writes) return contact.tier ? shown : <span className="text-muted">{shown}</span>;
  return (
    <Popover
      label={t("contacts.setTier")}
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={`${t("contacts.setTier")}: ${shown}`}
          className="relative -mx-1 max-w-full rounded-[6px] px-1 after:absolute after:-inset-y-2 after:inset-x-0 hover:bg-hover coarse:after:-inset-y-3"
        >
          {shown}
        </button>
      }
    >
      <Choices
        label={t("contacts.setTier")}
        value={contact.tier ?? ""}
        choices={[
          { value: "", label: t("contacts.noTier") },
          ...TIERS.map((value) => ({ value, label: t(`contacts.tiers.${value}`) })),
        ]}
        onChoose={(next) => {
          setOpen(false);
          const before = contact.tier ?? null;
          const tier = TIERS.find((known) => known === next) ?? null;
          if (tier !== before) change({ tier }, { tier: before }, t("contacts.tierChanged"));
        }}
      />
    </Popover>
  );
}

function LocalTime({ zone }: { zone: string }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const apart = offsetOf(zone, now);
  if (apart === undefined) return zone;
  const hours = new Intl.NumberFormat(locale, { signDisplay: "exceptZero", style: "unit", unit: "hour" });
  return (
    <time title={zone}>
      {new Intl.DateTimeFormat(locale, { timeZone: zone, timeStyle: "short" }).format(now)}
      <span className="text-muted">
        {", "}
        {apart === 0 ? t("contacts.sameTime") : t("contacts.otherTime", { hours: hours.format(apart) })}
      </span>
    </time>
  );
}
