import i18next, { type TFunction } from "i18next";
import type { Admin } from "./api";

/** Kinds that have words here; others keep the server's. */
export const EVENTS = [
  "admin.created",
  "admin.signed_in",
  "admin.signed_out",
  "client.opened",
  "client.transferred",
  "embed_key.made",
  "embed_key.revoked",
  "flag.changed",
  "impersonation.started",
  "impersonation.ended",
  "invitation.accepted",
  "invitation.created",
  "invitation.resent",
  "job.discarded",
  "job.retried",
  "member.added",
  "member.removed",
  "plan.created",
  "plan.updated",
  "session.started",
  "setting.changed",
  "tenant.deletion_cancelled",
  "tenant.deletion_requested",
  "tenant.made_read_only",
  "tenant.module_switched",
  "tenant.opened",
  "tenant.plan_changed",
  "tenant.resumed",
  "tenant.suspended",
  "tenant.trial_changed",
  "tenant.trial_ended",
  "tenant.trial_ending",
  "tenant.updated",
  "user.created",
] as const;

/** What happened, in the reader's language where there are words for it, else in the server's. */
export function sayEvent(t: TFunction, entry: Admin["AuditEntry"]): string {
  const key = `admin.event.${entry.kind.replaceAll(".", "_")}`;
  if (!i18next.exists(key)) return entry.title;
  const said = t(key as "admin.event.flag_changed");
  const { flag, module } = (entry.payload ?? {}) as { flag?: unknown; module?: unknown };
  const which = typeof flag === "string" ? flag : typeof module === "string" ? module : undefined;
  return which ? `${said}: ${which}` : said;
}
