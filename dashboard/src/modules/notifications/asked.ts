import type { Schema } from "@/api/client";

export type Which = "unread" | "read" | "all" | "snoozed" | "archived";

/** Somebody wrote the reader's name into a note. */
export const MENTION = "note.mention";

/** Which notifications a list shows. */
export interface Asked {
  which: Which;
  module?: string;
  kind?: string;
}

type Told = Pick<Schema["Notification"], "read_at" | "archived_at" | "snoozed_until" | "module" | "kind">;

/** Whether a notification belongs into a list. */
export function fits({ which, module, kind }: Asked, told: Told): boolean {
  if ((module && told.module !== module) || (kind && told.kind !== kind)) return false;
  if (which === "snoozed" || told.snoozed_until) return which === "snoozed" && Boolean(told.snoozed_until);
  if (which === "archived") return Boolean(told.archived_at);
  if (told.archived_at) return false;
  return which === "all" || Boolean(told.read_at) === (which === "read");
}

/** The same in the words of the API. */
export const filterOf = ({ which, module, kind }: Asked): string[] => [
  ...(which === "snoozed" ? [] : [`archived:eq:${which === "archived"}`]),
  `snoozed:eq:${which === "snoozed"}`,
  ...(which === "unread" || which === "read" ? [`read:eq:${which === "read"}`] : []),
  ...(module ? [`module:eq:${module}`] : []),
  ...(kind ? [`kind:eq:${kind}`] : []),
];
