import { useQuery } from "@tanstack/react-query";
import { ChevronDown, Mail, MessageCircle, Phone, Plus, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Chip } from "@/ui/chip";
import { Choices } from "@/ui/filter";
import { useMedia } from "@/ui/media";
import { Popover } from "@/ui/popover";
import { say, sayError } from "@/ui/toast";
import { StageChip } from "../columns";
import { useContactPatch } from "../changes";
import { type Contact, type Patch, stages, tags, useMembers } from "../data";
import { blocks } from "./data";
import { Consent } from "./consent";
import { offsetOf } from "./zone";

/** Who it is, how to reach them, what they allowed. */
export function Person({ contact }: { contact: Contact }) {
  return (
    <div className="pt-5.5 pe-6 pb-7 ps-7 max-md:px-4 max-md:pt-3.5 max-md:pb-2">
      <header className="max-md:flex max-md:items-center max-md:gap-3.5">
        <Avatar name={contact.display_name} id={contact.id} size="xl" className="mb-3 max-md:mb-0" />
        <div className="min-w-0">
          <h2 className="wide text-h1 font-[590] break-words [unicode-bidi:isolate]">{contact.display_name}</h2>
          <p className="text-sm text-muted">{[contact.job_title, contact.company_name].filter(Boolean).join(", ")}</p>
        </div>
      </header>
      <Tags contact={contact} />
      <Reach contact={contact} />
      <Details contact={contact} />
    </div>
  );
}

/** On phones what happened comes first; the facts are one touch away. */
function Details({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const phone = useMedia("(max-width: 767px)");
  const content = (
    <>
      <Facts contact={contact} />
      <Consent contact={contact} />
    </>
  );
  if (!phone) return content;
  return (
    <details className="group border-line border-y py-1">
      <summary className="flex min-h-11 cursor-pointer items-center justify-between text-sm font-semibold">
        {t("contacts.facts")}
        <ChevronDown aria-hidden="true" className="size-4 text-muted transition-transform group-open:rotate-180" />
      </summary>
      <div className="pb-3">{content}</div>
    </details>
  );
}

/** A change that shows at once, says what it did and can be taken back. */
function useChange(contact: Contact) {
  const { t } = useTranslation();
  const { mutate } = useContactPatch(contact.id);
  const fail = (error: Error & { status?: number }) =>
    sayError(t("error.notSaved"), error.status === 412 ? t("error.changedElsewhere") : error.message);
  return (patch: Patch, back: Patch, said: string) =>
    mutate(patch, { onSuccess: () => say(said, { undo: () => mutate(back, { onError: fail }) }), onError: fail });
}

function Tags({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write") && !contact.deleted_at;
  const { data: known = [] } = useQuery(stages);
  const { data: all = [] } = useQuery(tags);
  const change = useChange(contact);
  const [open, setOpen] = useState<"stage" | "tag">();
  const add = (tag: string) => {
    setOpen(undefined);
    change({ tags: [...contact.tags, tag] }, { tags: contact.tags }, t("contacts.tagAdded", { tag }));
  };
  const move = (stage: string) => {
    setOpen(undefined);
    const label = known.find(({ key }) => key === stage)?.label ?? stage;
    if (stage !== contact.stage)
      change({ stage }, { stage: contact.stage }, t("contacts.stageChanged", { stage: label }));
  };
  return (
    <div className="mt-3 flex flex-wrap items-center gap-1.5">
      {writes ? (
        <Popover
          label={t("contacts.setStage")}
          align="start"
          open={open === "stage"}
          onOpenChange={(on) => setOpen(on ? "stage" : undefined)}
          trigger={
            <button
              type="button"
              aria-label={t("contacts.setStage")}
              className="relative rounded-chip after:absolute after:-inset-y-2.5 after:inset-x-0"
            >
              <StageChip stage={contact.stage} stages={known} />
            </button>
          }
        >
          <Choices
            label={t("contacts.setStage")}
            value={contact.stage}
            choices={known.map(({ key, label }) => ({ value: key, label }))}
            onChoose={move}
          />
        </Popover>
      ) : (
        <StageChip stage={contact.stage} stages={known} />
      )}
      {contact.tags.map((tag) => (
        <Chip key={tag}>
          <span className="max-w-40 truncate">{tag}</span>
          {writes && (
            <button
              type="button"
              aria-label={t("contacts.removeTag", { tag })}
              onClick={() =>
                change(
                  { tags: contact.tags.filter((other) => other !== tag) },
                  { tags: contact.tags },
                  t("contacts.tagRemoved", { tag }),
                )
              }
              className="relative -me-1 grid size-4 place-items-center rounded-full hover:text-ink after:absolute after:-inset-2"
            >
              <X aria-hidden="true" className="size-3!" />
            </button>
          )}
        </Chip>
      ))}
      {writes && (
        <Popover
          label={t("contacts.addTagLabel")}
          align="start"
          open={open === "tag"}
          onOpenChange={(on) => setOpen(on ? "tag" : undefined)}
          trigger={
            <button
              type="button"
              aria-label={t("contacts.addTagLabel")}
              className="relative grid size-[22px] place-items-center rounded-chip border border-line-2 border-dashed text-muted hover:text-ink after:absolute after:-inset-3"
            >
              <Plus aria-hidden="true" className="size-3.5" />
            </button>
          }
        >
          <Choices
            label={t("contacts.addTagLabel")}
            choices={all
              .filter(({ name }) => !contact.tags.includes(name))
              .map(({ name }) => ({ value: name, label: name }))}
            onChoose={add}
            onNew={add}
          />
        </Popover>
      )}
    </div>
  );
}

/** Ways to reach somebody, without those he does not want. */
function Reach({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const { data } = useQuery(blocks(contact.id));
  const shut = new Set(data?.items.filter(({ direction }) => direction === "outbound").map(({ channel }) => channel));
  const open = (channel: string) => !shut.has(channel) && !shut.has("all");
  const digits = contact.phones.find(({ e164 }) => e164)?.e164?.replace(/\D/g, "");
  const ways: { key: string; href: string; icon: ReactNode; label: string }[] = [
    ...(contact.phone && open("phone")
      ? [{ key: "phone", href: `tel:${contact.phone}`, icon: <Phone />, label: t("contacts.call") }]
      : []),
    ...(digits && open("whatsapp")
      ? [{ key: "whatsapp", href: `https://wa.me/${digits}`, icon: <MessageCircle />, label: t("contacts.message") }]
      : []),
    ...(contact.email && open("email")
      ? [
          {
            key: "email",
            href: `mailto:${encodeURIComponent(contact.email)}`,
            icon: <Mail />,
            label: t("contacts.write"),
          },
        ]
      : []),
  ];
  if (ways.length === 0) return <div className="h-4" />;
  return (
    <div className="mt-4 mb-5 grid print:hidden auto-cols-fr grid-flow-col gap-1.5">
      {ways.map(({ key, href, icon, label }) => (
        <a
          key={key}
          href={href}
          {...(href.startsWith("https") && { target: "_blank", rel: "noreferrer" })}
          className="narrow flex h-14 flex-col items-center justify-center gap-[5px] rounded-[12px] border border-line bg-surface text-mic font-[560] text-ink-2 hover:border-line-2 hover:bg-hover max-md:h-[60px] [&_svg]:size-[17px] [&_svg]:stroke-[1.75] [&_svg]:text-accent-text"
        >
          {icon}
          {label}
        </a>
      ))}
    </div>
  );
}

function Facts({ contact }: { contact: Contact }) {
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
      region(i18n.language, address.country),
    ]
      .filter(Boolean)
      .join("\n");
  const facts: [string, ReactNode][] = [
    ...contact.emails.map(({ address: mail }): [string, ReactNode] => [
      t("contacts.email"),
      <span key={mail} dir="ltr">
        {mail}
      </span>,
    ]),
    ...contact.phones.map(({ number, e164 }): [string, ReactNode] => [
      t("contacts.phone"),
      <span key={number} className="num" dir="ltr">
        {e164 ?? number}
      </span>,
    ]),
    [t("contacts.owner"), contact.owner ? (owner ?? contact.owner) : t("contacts.nobody")],
    ...(contact.source ? [[t("contacts.source"), contact.source] as [string, ReactNode]] : []),
    ...(contact.zone
      ? [[t("contacts.localTime"), <LocalTime key="zone" zone={contact.zone} />] as [string, ReactNode]]
      : []),
    ...(contact.language
      ? [[t("contacts.language"), languageName(i18n.language, contact.language)] as [string, ReactNode]]
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

function LocalTime({ zone }: { zone: string }) {
  const { t, i18n } = useTranslation();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const apart = offsetOf(zone, now);
  if (apart === undefined) return zone;
  const hours = new Intl.NumberFormat(i18n.language, { signDisplay: "exceptZero", style: "unit", unit: "hour" });
  return (
    <time title={zone}>
      {new Intl.DateTimeFormat(i18n.language, { timeZone: zone, timeStyle: "short" }).format(now)}
      <span className="text-muted">
        {", "}
        {apart === 0 ? t("contacts.sameTime") : t("contacts.otherTime", { hours: hours.format(apart) })}
      </span>
    </time>
  );
}

function named(type: "region" | "language", locale: string, code: string): string {
  try {
    return new Intl.DisplayNames(locale, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}
const region = (locale: string, code?: string | null) => code && named("region", locale, code);
const languageName = (locale: string, code: string) => named("language", locale, code);
