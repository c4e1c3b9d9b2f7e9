import i18next, { type TFunction } from "i18next";
import type { Schema } from "@/api/client";
import { didOf } from "../activities/did";
import { BANDS } from "./data";

export type Entry = Schema["TimelineEntry"];

/** When it happens, which for a planned activity is not when it was written down. */
export const momentOf = (entry: Entry): string =>
  (entry.kind === "activity.logged" && entry.activity?.occurred_at) || entry.occurred_at;

/**
 * The sun moves once a minute, and clocks of browser and server differ: whatever was written down has happened, so only
 * what is planned lies after now.
 */
export const nowAmong = (entries: Entry[], minute: number): number =>
  entries.reduce((latest, entry) => Math.max(latest, Date.parse(entry.occurred_at)), minute);

interface Names {
  stage: (key: string) => string;
  member: (id: string) => string | undefined;
  /** Name of a tag by its id; none when it is gone. */
  tag?: (id: string) => string | undefined;
  /** Label of a field of the tenant's own by its key; none when it is gone. */
  own?: (key: string) => string | undefined;
}

/** The label of a field that a tenant defined; its key when it is gone. */
function ownName(field: string, names: Names): string | undefined {
  const [, key] = /^custom\.(\w+)$/.exec(field) ?? [];
  return key && (names.own?.(key) ?? key);
}

const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [];

/** One sentence for an event, in the reader's language where it is known. */
export function sentence(entry: Entry, t: TFunction, names: Names): string {
  const payload = (entry.payload ?? {}) as Record<string, unknown>;
  const text = (key: string) => (typeof payload[key] === "string" ? (payload[key] as string) : "");
  if (entry.kind === "activity.updated" || entry.kind === "activity.deleted")
    return t(entry.kind === "activity.updated" ? "activities.changed" : "activities.gone");
  if (entry.activity) {
    if (entry.activity.kind === "whatsapp" || entry.activity.kind === "sms")
      return t(`activities.kind.${entry.activity.kind}`);
    const kind = `event.activity_${entry.activity.kind}`;
    return i18next.exists(kind) ? t(kind as "event.activity_call") : t("event.activity_else");
  }
  if (entry.import)
    return t(entry.import.undone ? "contacts.cameUndone" : "contacts.came", {
      file: entry.import.file,
    });
  switch (entry.kind) {
    case "contact.stage_changed":
    case "contact.stage_replaced":
      return t("event.contact_stage_changed", { stage: names.stage(text("to") || text("stage")) });
    case "contact.assigned": {
      const owner = text("to") || text("owner");
      return owner
        ? t("event.contact_assigned", { owner: names.member(owner) ?? t("contacts.unknownAuthor") })
        : t("event.contact_unassigned");
    }
    case "contact.tagged": {
      // Events carry ids: a name may say something about a person.
      const name = (tag: string) => names.tag?.(tag) ?? (/^tag_\w{26}$/.test(tag) ? t("contacts.tagGone") : tag);
      const [added, removed] = [words(payload.added), words(payload.removed)];
      return t("event.contact_tagged", {
        tags: [...added.map((tag) => `+${name(tag)}`), ...removed.map((tag) => `−${name(tag)}`)].join(" "),
      });
    }
    case "score.band_changed": {
      const band = BANDS.find((known) => known === text("to"));
      return band
        ? t("contacts.cameInto", { score: Number(payload.score), band: t(`contacts.bands.${band}`) })
        : entry.title;
    }
    case "contact.converted":
      return t("contacts.converted");
    case "contact.followed":
    case "company.followed":
    case "deal.followed":
      return t("contacts.followedBy", { name: names.member(text("user")) ?? t("contacts.unknownAuthor") });
    case "contact.unfollowed":
    case "company.unfollowed":
    case "deal.unfollowed":
      return t("contacts.unfollowedBy", { name: names.member(text("user")) ?? t("contacts.unknownAuthor") });
    case "contact.merged":
      return t("contacts.mergedHere");
    case "contact.merge_undone":
      return t("contacts.mergeUndone");
    case "contact.updated":
      return t("event.contact_updated", {
        fields: words(payload.fields)
          .map((field) => ownName(field, names) ?? fieldName(field, t))
          .join(", "),
      });
    case "contact.blocked":
    case "contact.unblocked": {
      const channel = text("channel");
      const name = i18next.exists(`contacts.channel.${channel}`)
        ? t(`contacts.channel.${channel}` as "contacts.channel.sms")
        : channel;
      return t(entry.kind === "contact.blocked" ? "event.contact_blocked" : "event.contact_unblocked", {
        channel: name,
      });
    }
    default: {
      const key = `event.${entry.kind.replaceAll(".", "_")}`;
      if (i18next.exists(key)) return t(key as "event.contact_consent_granted", { purpose: text("purpose") });
      return didOf(entry, t, names.member) ?? entry.title;
    }
  }
}

/** Fields of a contact that have a word of their own on the page. */
const FIELDS = {
  display_name: "contacts.name",
  first_name: "contacts.firstName",
  last_name: "contacts.lastName",
  company_name: "contacts.company",
  job_title: "contacts.job",
  emails: "contacts.email",
  phones: "contacts.phone",
  profiles: "contacts.profiles",
  address: "contacts.address",
  language: "contacts.language",
  source: "contacts.source",
  tier: "contacts.tier",
  zone: "contacts.localTime",
} as const;

export const fieldName = (field: string, t: TFunction): string =>
  field in FIELDS ? t(FIELDS[field as keyof typeof FIELDS]) : field.replaceAll("_", " ");
