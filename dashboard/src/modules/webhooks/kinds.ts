import type { i18n } from "i18next";

/**
 * Kinds of events that webhooks can hear, by family: all that the core tells of an account. A test compares them. What a
 * kind is called is in the words, under `kinds` (with `_` for the dot) where it has a name of its own, otherwise under
 * `did`.
 */
export const FAMILIES = {
  contact: [
    "created",
    "updated",
    "stage_changed",
    "stage_replaced",
    "assigned",
    "tagged",
    "consent_granted",
    "consent_withdrawn",
    "blocked",
    "unblocked",
    "held",
    "released",
    "converted",
    "merged",
    "merge_settled",
    "merge_undone",
    "followed",
    "unfollowed",
    "deleted",
    "restored",
    "purged",
    "erased",
    "exported",
  ],
  company: [
    "created",
    "updated",
    "assigned",
    "status_changed",
    "moved",
    "person_added",
    "person_changed",
    "person_removed",
    "merged",
    "merge_settled",
    "merge_undone",
    "followed",
    "unfollowed",
    "deleted",
    "restored",
    "purged",
    "redacted",
    "exported",
  ],
  deal: [
    "created",
    "updated",
    "moved",
    "placed",
    "assigned",
    "unassigned",
    "step_due",
    "won",
    "lost",
    "abandoned",
    "reopened",
    "followed",
    "unfollowed",
    "deleted",
    "restored",
    "purged",
    "forgotten",
    "exported",
  ],
  task: [
    "created",
    "updated",
    "assigned",
    "rescheduled",
    "snoozed",
    "completed",
    "skipped",
    "reopened",
    "withdrawn",
    "deleted",
    "restored",
    "purged",
    "forgotten",
    "exported",
  ],
  follow_up: ["scheduled", "fired", "paused", "resumed", "restarted", "postponed", "cancelled", "exported"],
  enrolment: ["created", "paused", "resumed", "finished", "stopped"],
  occasion: ["created", "updated", "deleted", "restored", "purged", "forgotten", "exported"],
  greeting: ["created", "updated", "tried", "sent", "marked", "unmarked", "deleted", "restored", "purged", "exported"],
  greeting_batch: ["created", "approved", "rejected", "expired"],
  segment: ["created", "updated", "entered", "left", "shifted", "deleted", "restored", "purged", "exported"],
  score: ["band_changed"],
  note: ["created", "updated", "deleted"],
  activity: ["logged", "updated", "deleted", "exported"],
  attachment: ["created", "updated", "deleted", "restored", "purged"],
  email: ["queued"],
  form: [
    "submitted",
    "quarantined",
    "created",
    "updated",
    "published",
    "unpublished",
    "publish_refused",
    "deleted",
    "exported",
    "list_exported",
    "figures_exported",
  ],
  submission: ["released", "marked_spam", "deleted"],
  tag: ["created", "updated", "merged", "deleted", "exported"],
  tag_run: ["finished"],
  contact_stage: ["created", "updated", "reordered", "deleted", "restored"],
  pipeline: ["created", "updated", "deleted"],
  custom_field: ["created", "updated", "reordered", "archived", "restored", "deleted"],
  assignment_rule: ["created", "updated", "reordered", "deleted"],
  deal_absence: ["set", "ended"],
  exchange_rate: ["created", "updated", "imported", "deleted", "exported"],
  exchange_settings: ["updated"],
  follow_up_rule: ["created", "updated", "deleted"],
  sequence: ["created", "updated", "deleted"],
  working_time: ["updated"],
  holiday: ["created", "deleted"],
  member_hours: ["updated", "deleted"],
  member_absence: ["created", "deleted"],
  occasion_settings: ["updated"],
  feast: ["shifted"],
  scoring: ["updated", "shifted"],
  contact_import: [
    "created",
    "updated",
    "checked",
    "started",
    "resumed",
    "finished",
    "cancelled",
    "undo_started",
    "undone",
    "deleted",
    "exported",
  ],
  contact_bulk_run: ["created", "finished", "failed", "cancelled", "undo_started", "undone"],
  company_bulk_run: ["created", "finished", "failed", "cancelled", "undo_started", "undone"],
  deal_bulk_run: ["created", "finished", "failed", "cancelled", "undo_started", "undone"],
  contact_duplicate: ["dismissed", "reopened", "shifted"],
  company_duplicate: ["dismissed", "reopened", "shifted"],
  contact_duplicate_run: ["created", "finished", "cancelled"],
  saved_view: ["created", "updated", "deleted"],
  report: ["exported"],
  report_schedule: ["created", "updated", "started", "stopped", "deleted", "exported"],
  report_run: ["sent", "failed"],
  file: ["created", "updated", "scanned", "infected", "scan_failed", "deleted"],
  widget: ["published", "updated", "removed", "exported"],
  origin: ["allowed", "refused", "exported"],
  brand: ["updated", "removed"],
  logo: ["uploaded"],
  client: ["opened", "received", "transferred", "exported"],
  transfer: ["offered", "accepted", "declined", "withdrawn"],
  tenant: [
    "opened",
    "updated",
    "plan_changed",
    "trial_ending",
    "trial_ended",
    "trial_changed",
    "made_read_only",
    "suspended",
    "stop_changed",
    "resumed",
    "deletion_requested",
    "deletion_cancelled",
    "deletion_started",
  ],
  member: ["added", "updated", "removed", "exported"],
  invitation: ["created", "resent", "accepted", "revoked", "exported"],
  team: ["created", "updated", "deleted", "exported"],
  role: ["created", "updated", "deleted", "exported"],
  user: [
    "created",
    "updated",
    "email_change_asked",
    "email_change_cancelled",
    "email_changed",
    "email_reverted",
    "password_changed",
    "second_factor_changed",
    "blocked",
    "unblocked",
  ],
  session: ["started", "ended", "reuse_detected"],
  passkey: ["added", "renamed", "copied", "removed"],
  impersonation: ["started", "ended", "exported"],
  preferences: ["updated"],
  quiet_hours: ["updated"],
  mute: ["added", "removed"],
  push_subscription: ["added", "removed"],
  api_key: ["created", "updated", "revoked", "exported"],
  webhook: ["created", "updated", "disabled", "secret_rotated", "deleted", "exported"],
  delivery: ["replayed", "exported"],
  mail: ["retried", "exported"],
  data_request: ["created", "completed", "refused", "failed", "exported"],
  retention: ["updated"],
  audit: ["exported"],
  timeline: ["exported"],
} as const;

export type Family = keyof typeof FAMILIES;
export const families = Object.keys(FAMILIES) as Family[];
export const kindsOf = (family: Family): string[] => FAMILIES[family].map((what) => `${family}.${what}`);

/** What a kind is called beside the name of its family. */
export function nameOf(kind: string, { t, exists }: Pick<i18n, "t" | "exists">): string {
  const own = `webhooks.kinds.${kind.replace(".", "_")}`;
  const path = exists(own) ? own : `webhooks.did.${kind.split(".")[1]}`;
  return t(path as "webhooks.kinds.contact_created");
}

const ALL = new Set(families.flatMap(kindsOf));

/** Whether a list of a webhook hears a kind: by its name, by its family or because it hears everything. */
export const hears = (kinds: readonly string[], kind: string): boolean =>
  kinds.includes("*") || kinds.includes(kind) || kinds.includes(`${kind.split(".")[0]}.*`);

/** What a webhook asked for that is not in the list here; it is kept as it is. */
export const others = (kinds: readonly string[]): string[] =>
  kinds.filter((kind) => kind !== "*" && !ALL.has(kind) && !families.some((family) => kind === `${family}.*`));

/** The shortest spelling: a whole family is a star. */
export function spelled(kinds: readonly string[]): string[] {
  if (kinds.includes("*")) return ["*"];
  const short = families.flatMap((family) => {
    const all = kindsOf(family);
    return all.every((kind) => hears(kinds, kind)) ? [`${family}.*`] : all.filter((kind) => kinds.includes(kind));
  });
  return [...short, ...others(kinds)];
}

/** Turns single kinds on or off; stars are spelled out first. */
export function turned(kinds: readonly string[], which: readonly string[], on: boolean): string[] {
  const now = new Set(families.flatMap(kindsOf).filter((kind) => hears(kinds, kind)));
  for (const kind of which) on ? now.add(kind) : now.delete(kind);
  return spelled([...now, ...others(kinds)]);
}
