/** What people are told, by the module that tells it. A test compares it with what the core tells. */
export const TOLD = [
  ["activities", "note.mention"],
  ["activities", "follower.news"],
  ["forms", "submission.received"],
  ["forms", "submission.quarantined"],
  ["deals", "deal.assigned"],
  ["deals", "deal.unassigned"],
  ["deals", "deal.step_due"],
  ["tasks", "task.assigned"],
  ["tasks", "task.shared"],
  ["tasks", "task.reminder"],
  ["followups", "follow_up.fired"],
  ["occasions", "occasion.notice"],
  ["occasions", "occasion.renewal"],
  ["occasions", "greeting.waiting"],
  ["files", "file.infected"],
  ["files", "file.scan_failed"],
  ["messaging", "webhook.disabled"],
  ["identity", "trial.ending"],
  ["identity", "trial.ended"],
  ["identity", "domain.active"],
  ["identity", "domain.failing"],
  ["identity", "domain.given_up"],
] as const;
type Kind = (typeof TOLD)[number][1];

/** Modules that tell people something. */
export const MODULES = [...new Set(TOLD.map(([module]) => module))];

/** Kinds of news, of one module or of all. */
export const kindsOf = (module?: string): Kind[] =>
  TOLD.flatMap(([of, kind]) => (module === undefined || of === module ? [kind] : []));

type Undotted<K extends string> = K extends `${infer A}.${infer B}` ? `${A}_${B}` : K;
/** The name of a kind among the words. */
export const wordOf = (kind: Kind) => kind.replace(".", "_") as Undotted<Kind>;

/** The task that a notification leads to, while there is something to do about it. */
export const taskOf = ({ module, link }: { module: string; link?: string | null }): string | undefined =>
  module === "tasks" || module === "followups" ? /[?&]task=(tsk_\w+)/.exec(link ?? "")?.[1] : undefined;
