import i18next, { type TFunction } from "i18next";
import type { Schema } from "@/api/client";

export type Entry = Schema["TimelineEntry"];

/** When it happens, which for a planned activity is not when it was written down. */
export const momentOf = (entry: Entry): string => entry.activity?.occurred_at ?? entry.occurred_at;

export interface Days {
  /** Soonest at the bottom, next to the sun. */
  plans: Entry[];
  /** Newest first, by day. */
  days: { key: string; at: string; entries: Entry[] }[];
}

/** Plans above the sun, history below it, grouped by day. */
export function byDay(entries: readonly Entry[], now: Date, dayKey: (at: string) => string): Days {
  const later = (entry: Entry) => new Date(momentOf(entry)) > now;
  const newest = (a: Entry, b: Entry) => momentOf(b).localeCompare(momentOf(a));
  const days: Days["days"] = [];
  for (const entry of entries.filter((e) => !later(e))) {
    const at = momentOf(entry);
    const key = dayKey(at);
    const day = days.find((d) => d.key === key);
    if (day) day.entries.push(entry);
    else days.push({ key, at, entries: [entry] });
  }
  for (const day of days) day.entries.sort(newest);
  days.sort((a, b) => b.key.localeCompare(a.key));
  return { plans: entries.filter(later).sort(newest), days };
}

interface Names {
  stage: (key: string) => string;
  member: (id: string) => string | undefined;
}

const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [];

/** One sentence for an event, in the reader's language where it is known. */
export function sentence(entry: Entry, t: TFunction, names: Names): string {
  const payload = (entry.payload ?? {}) as Record<string, unknown>;
  const text = (key: string) => (typeof payload[key] === "string" ? (payload[key] as string) : "");
  if (entry.activity) {
    const kind = `event.activity_${entry.activity.kind}`;
    return i18next.exists(kind) ? t(kind as "event.activity_call") : t("event.activity_other");
  }
  switch (entry.kind) {
    case "contact.stage_changed":
      return t("event.contact_stage_changed", { stage: names.stage(text("to") || text("stage")) });
    case "contact.assigned": {
      const owner = text("to") || text("owner");
      return owner
        ? t("event.contact_assigned", { owner: names.member(owner) ?? t("contacts.unknownAuthor") })
        : t("event.contact_unassigned");
    }
    case "contact.tagged":
      return t("event.contact_tagged", {
        tags: [...words(payload.added).map((tag) => `+${tag}`), ...words(payload.removed).map((tag) => `−${tag}`)].join(
          " ",
        ),
      });
    case "contact.updated":
      return t("event.contact_updated", { fields: words(payload.fields).map(fieldName).join(", ") });
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
      return entry.title;
    }
  }
}

const fieldName = (field: string): string => field.replaceAll("_", " ");
