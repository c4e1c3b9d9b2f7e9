import {
  AlignLeft,
  Calendar,
  ChevronsUpDown,
  CircleDot,
  EyeOff,
  Hash,
  Heading,
  type LucideIcon,
  Mail,
  Phone,
  ShieldCheck,
  SquareCheck,
  SquareCheckBig,
  Star,
  Type,
  Upload,
} from "lucide-react";
import { allFields, type Definition, type Field, type FieldType, hasOptions, keyOf, unique } from "./model";

export const ICONS: Record<FieldType, LucideIcon> = {
  text: Type,
  long_text: AlignLeft,
  email: Mail,
  phone: Phone,
  number: Hash,
  date: Calendar,
  radio: CircleDot,
  multi: SquareCheck,
  select: ChevronsUpDown,
  checkbox: SquareCheckBig,
  rating: Star,
  file: Upload,
  consent: ShieldCheck,
  section: Heading,
  hidden: EyeOff,
};

export const GROUPS: readonly { name: "fields" | "choices" | "more"; types: readonly FieldType[] }[] = [
  { name: "fields", types: ["text", "long_text", "email", "phone", "number", "date"] },
  { name: "choices", types: ["radio", "multi", "select", "checkbox", "rating"] },
  { name: "more", types: ["file", "consent", "hidden"] },
];

export type Word = (name: string) => string;

export const freshOptions = (word: Word): NonNullable<Field["options"]> =>
  [1, 2].map((n) => ({ value: `option_${n}`, label: `${word("option")} ${n}` }));

/** A field of a kind with words to begin with, under a name that is not taken. */
export function freshField(draft: Definition, type: FieldType, word: Word): Field {
  const label = word(`label.${type}`);
  const key = unique(keyOf(label, type), new Set(allFields(draft).map((field) => field.key)));
  const field: Field = { key, type };
  if (type === "consent") return { ...field, text: word("consentText"), required: true };
  if (type === "section") return { ...field, label };
  if (type === "hidden")
    return { ...field, key: unique("utm_source", new Set(allFields(draft).map((f) => f.key))), param: "utm_source" };
  if (hasOptions(type)) return { ...field, label, options: freshOptions(word) };
  // The first address and the first number are the sender's, unless somebody says otherwise.
  const takes = (target: string) => !allFields(draft).some(({ maps_to }) => maps_to === target);
  if ((type === "email" || type === "phone") && takes(type)) return { ...field, label, maps_to: type };
  return { ...field, label };
}
