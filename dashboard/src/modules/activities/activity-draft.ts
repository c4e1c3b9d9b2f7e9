import type { Schema } from "@/api/client";
import { moment, wallClock } from "../forms/builder/zoned";

type Excerpt = Schema["ActivityExcerpt"];
type Patch = Schema["ActivityPatch"];
export type Body = Omit<Schema["NewActivity"], "kind" | "title">;

/** What is logged by hand. */
export type Logged = "call" | "meeting" | "email" | "whatsapp" | "sms";
const MESSAGE = ["outbound", "proposal", "quote", "invoice", "inbound"] as const;
export const TURNS = {
  call: ["answered", "unanswered", "inbound"],
  email: MESSAGE,
  whatsapp: MESSAGE,
  sms: MESSAGE,
  meeting: [],
} as const;
export type Turn = (typeof TURNS)[Logged][number];

/** What stands in the form, as it is typed. */
export interface Filled {
  turn?: Turn;
  outcome: string;
  minutes: string;
  /** A clock on the wall; empty for now. */
  when: string;
  text: string;
}

/** From whom it came, what it was about and whether anybody answered: what follow-ups go by. */
const turnOf = (turn: Turn | undefined): Pick<Body, "direction" | "topic"> => {
  if (!turn) return {};
  if (turn === "inbound") return { direction: "inbound" };
  const topic = turn === "proposal" || turn === "quote" || turn === "invoice" ? { topic: turn } : {};
  return { direction: "outbound", ...topic };
};

/** How it ended: of a call the turn says it already, unless somebody says more. */
const outcomeOf = ({ turn, outcome }: Filled): string => {
  if (turn === "unanswered") return "no answer";
  return outcome.trim() || (turn === "answered" ? "answered" : "");
};

/** The turn that was chosen when this was logged. */
function turnBefore(kind: Logged, was: Excerpt): Turn | undefined {
  if (kind === "meeting") return undefined;
  if (was.direction === "inbound") return "inbound";
  if (kind === "call") return was.outcome === "no answer" ? "unanswered" : "answered";
  return (was.topic as Turn | null | undefined) ?? "outbound";
}

/** The form as it opens: empty, or with what was logged. */
export function filled(kind: Logged, was: Excerpt | undefined, zone: string | undefined): Filled {
  if (!was) return { turn: TURNS[kind][0], outcome: "", minutes: "", when: "", text: "" };
  const turn = turnBefore(kind, was);
  const outcome = was.outcome ?? "";
  const said = (turn === "answered" && outcome === "answered") || (turn === "unanswered" && outcome === "no answer");
  return {
    turn,
    outcome: said ? "" : outcome,
    minutes: was.duration_seconds ? String(Math.round(was.duration_seconds / 60)) : "",
    when: wallClock(was.occurred_at, zone),
    text: was.body ?? "",
  };
}

const seconds = (minutes: string) => Math.round(Number(minutes) * 60);

/** Something new to log. */
export function bodyOf(now: Filled, zone: string | undefined): Body {
  const outcome = outcomeOf(now);
  const at = now.when ? moment(now.when, zone) : null;
  return {
    ...turnOf(now.turn),
    ...(outcome && { outcome }),
    ...(now.minutes && { duration_seconds: seconds(now.minutes) }),
    ...(at && { occurred_at: at }),
    ...(now.text.trim() && { body: now.text.trim() }),
  };
}

/**
 * What somebody changed. What he did not touch is left out, also where the form shows less of it than was logged: seconds,
 * what a meeting was about, from whom it came.
 */
export function patchOf(kind: Logged, before: Filled, now: Filled, zone: string | undefined): Patch {
  const { direction, topic } = turnOf(now.turn);
  const turned = now.turn !== before.turn;
  const at = now.when !== before.when && now.when ? moment(now.when, zone) : null;
  return {
    ...(turned && { direction }),
    ...(turned && kind !== "call" && { topic: topic ?? null }),
    ...(outcomeOf(now) !== outcomeOf(before) && { outcome: outcomeOf(now) || null }),
    ...(now.minutes !== before.minutes && { duration_seconds: now.minutes ? seconds(now.minutes) : null }),
    ...(at && { occurred_at: at }),
    ...(now.text !== before.text && { body: now.text.trim() || null }),
  };
}
