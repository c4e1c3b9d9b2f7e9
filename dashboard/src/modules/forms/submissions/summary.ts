import { allFields, type Definition, type Field } from "../builder/model";

/** How a submission is told apart in a list: who sent it, as far as it says, and a little of what. */
export interface Told {
  who: string;
  what: string;
}

const NAMES = ["first_name", "last_name", "name", "company", "email", "phone"] as const;

/** With the questions at hand their mapping says who it is; without them the usual keys do. */
export function tell(answers: Record<string, unknown>, form?: Definition): Told {
  const fields: Pick<Field, "key" | "maps_to" | "options" | "type">[] = form
    ? allFields(form)
    : Object.keys(answers).map((key) => ({ key, type: "text", maps_to: NAMES.find((name) => name === key) }));
  const used = new Set<string>();
  const of = (target: string): string => {
    const field = fields.find(({ maps_to, key }) => maps_to === target && typeof answers[key] === "string");
    if (field) used.add(field.key);
    return field ? String(answers[field.key]).trim() : "";
  };
  const full = of("name") || [of("first_name"), of("last_name")].filter(Boolean).join(" ");
  const who = full || of("email") || of("phone") || of("company");
  const rest = fields
    .filter(({ key, type }) => !used.has(key) && type !== "consent" && type !== "file" && type !== "hidden")
    .map((field) => readable(field, answers[field.key]))
    .filter(Boolean);
  return { who: who || (rest.shift() ?? ""), what: rest.join(" · ") };
}

function readable(field: Pick<Field, "options">, value: unknown): string {
  const label = (one: unknown) => field.options?.find((option) => option.value === one)?.label ?? String(one);
  if (Array.isArray(value)) return value.map(label).join(", ");
  if (typeof value === "string") return label(value).trim();
  return typeof value === "number" ? String(value) : "";
}
