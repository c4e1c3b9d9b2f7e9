import type { Schema } from "@/api/client";
import type { Contact, Patch } from "../data";

export const EMAIL_KINDS = ["work", "home", "other"] as const;
export const PHONE_KINDS = ["mobile", "work", "home", "other"] as const;
export const NETWORKS = [
  "linkedin",
  "facebook",
  "instagram",
  "x",
  "youtube",
  "tiktok",
  "whatsapp",
  "telegram",
  "other",
] as const satisfies readonly Schema["SocialNetwork"][];
type EmailKind = (typeof EMAIL_KINDS)[number];
type PhoneKind = (typeof PHONE_KINDS)[number];

export const PLACE = ["line1", "line2", "postal_code", "city", "region", "country"] as const;
const LINES = [
  "display_name",
  "salutation",
  "first_name",
  "middle_name",
  "last_name",
  "company_name",
  "job_title",
  "zone",
  "language",
  "source",
  "owner",
] as const;

/** What the form holds of a contact. Of addresses and numbers the first one is the main one. */
export interface Values extends Record<(typeof LINES)[number], string> {
  emails: { address: string; kind: string }[];
  phones: { number: string; kind: string }[];
  /** Pages in social networks. */
  profiles: { network: string; url: string }[];
  /** A postal address is one thing: half of yours and half of theirs is a place where nobody lives. */
  address: Record<(typeof PLACE)[number], string>;
  stage: string;
  tags: string[];
}
export type FieldKey = keyof Values;
export const KEYS: readonly FieldKey[] = [...LINES, "emails", "phones", "profiles", "address", "stage", "tags"];

export const EMPTY: Values = {
  display_name: "",
  salutation: "",
  first_name: "",
  middle_name: "",
  last_name: "",
  company_name: "",
  job_title: "",
  emails: [],
  phones: [],
  profiles: [],
  address: { line1: "", line2: "", postal_code: "", city: "", region: "", country: "" },
  zone: "",
  language: "",
  source: "",
  owner: "",
  stage: "",
  tags: [],
};

/** What a contact is called when nobody has said it otherwise, as the server makes it. */
function madeName({ first_name, middle_name, last_name, company_name, emails, phones }: Contact): string {
  const name = [first_name, middle_name, last_name].filter(Boolean).join(" ");
  return name || company_name || emails[0]?.address || phones[0]?.number || "";
}

export const valuesOf = (contact: Contact): Values => ({
  ...EMPTY,
  ...Object.fromEntries(LINES.map((key) => [key, contact[key] ?? ""])),
  // A name that was made is made again when what it was made of changes.
  display_name: contact.display_name === madeName(contact) ? "" : (contact.display_name ?? ""),
  emails: contact.emails.map(({ address, kind = "other" }) => ({ address, kind })),
  phones: contact.phones.map(({ number, kind = "other" }) => ({ number, kind })),
  profiles: contact.profiles.map(({ network, url }) => ({ network: network ?? "other", url })),
  address: { ...EMPTY.address, ...Object.fromEntries(PLACE.map((key) => [key, contact.address?.[key] ?? ""])) },
  stage: contact.stage,
  tags: [...contact.tags],
});

/** Without what is around the words, and without lines that nobody filled in. */
export function tidy(values: Values): Values {
  const each = <T extends string>(keys: readonly T[], of: Record<T, string>) =>
    Object.fromEntries(keys.map((key) => [key, of[key].trim()])) as Record<T, string>;
  return {
    ...values,
    ...each(LINES, values),
    address: each(PLACE, values.address),
    emails: values.emails.flatMap(({ address, kind }) => (address.trim() ? { address: address.trim(), kind } : [])),
    phones: values.phones.flatMap(({ number, kind }) => (number.trim() ? { number: number.trim(), kind } : [])),
    profiles: values.profiles.flatMap(({ network, url }) => (url.trim() ? { network, url: url.trim() } : [])),
    // Their order says nothing.
    tags: [...new Set(values.tags)].sort(),
  };
}

export interface Merge {
  /** Both changed it, to different things: somebody has to choose. */
  disputed: FieldKey[];
  /** What was typed, with what only the other one changed. Of tags both changes stand. */
  values: Values;
}

/** What two people made of the same beginning. */
export function merge(base: Values, typed: Values, now: Values): Merge {
  const [before, mine, theirs] = [tidy(base), tidy(typed), tidy(now)];
  const same = (a: Values, b: Values, key: FieldKey) => JSON.stringify(a[key]) === JSON.stringify(b[key]);
  const differs = KEYS.filter((key) => key !== "tags" && !same(mine, theirs, key));
  const untouched = differs.filter((key) => same(mine, before, key));
  return {
    disputed: differs.filter((key) => !same(mine, before, key) && !same(theirs, before, key)),
    values: {
      ...mine,
      ...Object.fromEntries(untouched.map((key) => [key, theirs[key]])),
      tags: [
        ...theirs.tags.filter((tag) => mine.tags.includes(tag) || !before.tags.includes(tag)),
        ...mine.tags.filter((tag) => !before.tags.includes(tag) && !theirs.tags.includes(tag)),
      ].sort(),
    },
  };
}

const ranked = <T extends object>(lines: readonly T[]) =>
  lines.map((line, index) => ({ ...line, primary: index === 0 }));

/** In the words of the API; an empty address is none. */
const sent = {
  emails: (values: Values) => ranked(values.emails.map(({ address, kind }) => ({ address, kind: kind as EmailKind }))),
  phones: (values: Values) => ranked(values.phones.map(({ number, kind }) => ({ number, kind: kind as PhoneKind }))),
  // The address tells where it is; only a bare name needs to be told.
  profiles: (values: Values) =>
    values.profiles.map(({ network, url }) => ({
      url,
      ...(network !== "other" && { network: network as Schema["SocialNetwork"] }),
    })),
  address: ({ address }: Values) => {
    const parts = PLACE.flatMap((key) => (address[key] ? [[key, address[key]]] : []));
    return parts.length > 0 ? Object.fromEntries(parts) : null;
  },
};

/** Only what differs from the contact as it was read. */
export function patchOf(contact: Contact, typed: Values): Patch {
  const [before, values] = [tidy(valuesOf(contact)), tidy(typed)];
  const patch: Record<string, unknown> = {};
  for (const key of KEYS) {
    if (JSON.stringify(values[key]) === JSON.stringify(before[key])) continue;
    if (key === "emails" || key === "phones" || key === "profiles" || key === "address") patch[key] = sent[key](values);
    else patch[key] = key === "tags" || key === "stage" ? values[key] : values[key] || null;
  }
  return patch as Patch;
}

/** What was filled in, for a new contact. */
export function bodyOf(typed: Values): Patch {
  const values = tidy(typed);
  const body: Record<string, unknown> = {};
  for (const key of LINES) if (values[key]) body[key] = values[key];
  if (values.stage) body.stage = values.stage;
  if (values.tags.length > 0) body.tags = values.tags;
  for (const key of ["emails", "phones", "profiles"] as const)
    if (values[key].length > 0) body[key] = sent[key](values);
  const address = sent.address(values);
  if (address) body.address = address;
  return body as Patch;
}
