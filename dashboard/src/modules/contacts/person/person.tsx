import { Facts } from "./facts";
import { useChange } from "./change";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, FileLock2, Flame, Mail, MessageCircle, Phone, Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { Chip } from "@/ui/chip";
import { Choices } from "@/ui/filter";
import { useMedia } from "@/ui/media";
import { Popover } from "@/ui/popover";
import { ScoreRing } from "../../scores/ring";
import { dialled } from "../dialled";
import { StageChip } from "../columns";
import { type Contact, stages, tags } from "../data";
import { blocks } from "./data";
import { Consent } from "./consent";

/** Who it is, how to reach them, what they allowed. */
export function Person({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  return (
    <div className="pt-5.5 pe-6 pb-7 ps-7 max-md:px-4 max-md:pt-3.5 max-md:pb-2">
      <header className="max-md:flex max-md:items-center max-md:gap-3.5">
        <ScoreRing contact={contact} />
        <div className="min-w-0">
          <h2 className="wide text-h1 font-[590] break-words [unicode-bidi:isolate]">{contact.display_name}</h2>
          <p className="text-sm text-muted">{[contact.job_title, contact.company_name].filter(Boolean).join(", ")}</p>
        </div>
      </header>
      {contact.hold_reason && (
        <p className="mt-3 flex items-start gap-2 rounded-[10px] bg-warning-soft px-3 py-2 text-sm">
          <FileLock2 aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
          <span dir="auto" className="min-w-0 break-words">
            {t("contacts.hold", { reason: contact.hold_reason })}
          </span>
        </p>
      )}
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
      {contact.band === "hot" && (
        <Chip tone="accent">
          <Flame aria-hidden="true" />
          {t("contacts.bands.hot")}
        </Chip>
      )}
      {writes ? (
        <Popover
          label={t("contacts.setStage")}
          align="start"
          open={open === "stage"}
          onOpenChange={(on) => setOpen(on ? "stage" : undefined)}
          trigger={
            <button
              type="button"
              aria-label={`${t("contacts.setStage")}: ${known.find(({ key }) => key === contact.stage)?.label ?? contact.stage}`}
              className="relative rounded-chip after:absolute after:-inset-y-3 after:inset-x-0"
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
      ? [{ key: "phone", href: `tel:${dialled(contact)}`, icon: <Phone />, label: t("contacts.call") }]
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
    <div className="mt-4 mb-5 grid grid-cols-4 gap-1.5 print:hidden">
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
