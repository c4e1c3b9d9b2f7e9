import i18next, { type TFunction } from "i18next";
import type { Entry } from "../contacts/story";
import type { Which } from "./data";

const REASONS = ["reply", "meeting", "stage", "stopped", "off", "gone", "merged"] as const;

const textOf = ({ payload }: Entry, key: string): string | undefined => {
  const value = (payload as Record<string, unknown> | undefined)?.[key];
  return typeof value === "string" ? value : undefined;
};

/** What happened, in a few words of the reader's language; none for a kind without any. */
export function didOf(entry: Entry, t: TFunction, member: (id: string) => string | undefined): string | undefined {
  if (entry.kind === "task.assigned") {
    const to = textOf(entry, "to");
    return to
      ? t("activities.did.task_assigned", { name: member(to) ?? t("contacts.unknownAuthor") })
      : t("activities.did.task_unassigned");
  }
  const key = `activities.did.${entry.kind.replaceAll(".", "_")}`;
  return i18next.exists(key) ? t(key as "activities.did.task_created") : undefined;
}

/** How it ended, or why: of a task what somebody wrote, of a follow-up what made it needless. */
export function whyOf(entry: Entry, t: TFunction): string | undefined {
  if (entry.named?.outcome) return entry.named.outcome;
  if (entry.kind !== "follow_up.cancelled" && entry.kind !== "enrolment.stopped") return undefined;
  const reason = REASONS.find((known) => known === textOf(entry, "reason"));
  return reason && t(`activities.why.${reason}`);
}

/** What it happened to, by name, and the page that shows it; none where the page at hand is about just that. */
export function thingOf(entry: Entry, about: Which): { name: string; to?: string } | undefined {
  const { named, deal, deal_title: title, subject } = entry;
  if (named) return { name: named.name, to: pathOf(entry) };
  if (subject === "deals" && deal && title && about.kind !== "deal") return { name: title, to: `/deals/${deal}` };
  return undefined;
}

const taskAt = (id: string) => `/tasks?who=everybody&task=${id}`;

function pathOf(entry: Entry): string | undefined {
  const { named, subject_id } = entry;
  const made = entry.kind === "follow_up.fired" ? textOf(entry, "task") : undefined;
  if (made) return taskAt(made);
  switch (named?.resource) {
    case "tasks":
      return taskAt(named.id);
    case "forms":
      return `/submissions/${subject_id}`;
    case "segments":
      return `/contacts/segments/${named.id}`;
    default:
      return undefined;
  }
}
