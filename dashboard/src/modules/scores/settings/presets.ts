import type { TFunction } from "i18next";
import type { Rule } from "../../segments/catalogue";
import type { ScoreRule } from "../data";

const field = (name: string, op: Rule["op"], ...values: string[]): Rule => ({
  kind: "field",
  field: name,
  ...(op && { op }),
  ...(values.length > 0 && { values }),
});
const has = (record: NonNullable<Rule["record"]>, ...rules: Rule[]): Rule => ({
  kind: "has",
  record,
  ...(rules.length > 0 && { rules }),
});

type Preset = Omit<ScoreRule, "id" | "name" | "active">;
const fit = (points: number, definition: Rule): Preset => ({ kind: "fit", points, most: 1, definition });
const behaviour = (points: number, most: number, half: number, definition: Rule, moment?: string): Preset => ({
  kind: "behaviour",
  points,
  most,
  half_life_days: half,
  definition,
  ...(moment && { moment }),
});

/** What rules usually begin as, in the order in which people look for it. */
const PRESETS = {
  form: behaviour(15, 2, 30, has("submission")),
  wrote: behaviour(
    10,
    3,
    30,
    has(
      "activity",
      field("kind", "any_of", "email", "whatsapp", "sms", "message"),
      field("direction", "any_of", "inbound"),
    ),
  ),
  talked: behaviour(10, 3, 30, has("activity", field("kind", "any_of", "call", "meeting"))),
  opened: behaviour(15, 2, 60, has("deal")),
  won: behaviour(15, 2, 180, has("deal", field("status", "any_of", "won")), "closed_at"),
  lost: behaviour(-10, 2, 90, has("deal", field("status", "any_of", "lost")), "closed_at"),
  quiet: fit(-10, field("last_contact_at", "more_than_days_ago", "60")),
  blocked: fit(-30, field("do_not_contact", "not_empty")),
  fit: fit(10, field("company_name", "not_empty")),
  behaviour: behaviour(10, 3, 30, has("activity")),
} as const satisfies Record<string, Preset>;

export type PresetId = keyof typeof PRESETS;
export const PRESET_IDS = Object.keys(PRESETS) as PresetId[];

export const ruleOf = (id: PresetId, t: TFunction): ScoreRule => ({
  ...PRESETS[id],
  id: `${id}-${crypto.randomUUID().slice(0, 8)}`,
  name: t(`scores.presets.${id}`),
  active: true,
});
