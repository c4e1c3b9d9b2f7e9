import type { Contact, Patch } from "../data";

/** What the form holds of a contact. */
export interface Values {
  first_name: string;
  last_name: string;
  company_name: string;
  job_title: string;
  email: string;
  phone: string;
}
export type FieldKey = keyof Values;
export const KEYS: readonly FieldKey[] = ["first_name", "last_name", "company_name", "job_title", "email", "phone"];

export const valuesOf = (contact: Contact): Values => ({
  first_name: contact.first_name ?? "",
  last_name: contact.last_name ?? "",
  company_name: contact.company_name ?? "",
  job_title: contact.job_title ?? "",
  email: contact.emails[0]?.address ?? "",
  phone: contact.phones[0]?.number ?? "",
});

export interface Merge {
  /** Both changed it, to different things: somebody has to choose. */
  disputed: FieldKey[];
  /** Only the other one changed it: his is taken. */
  theirs: FieldKey[];
}

/** What two people made of the same beginning. */
export function merge(base: Values, mine: Values, theirs: Values): Merge {
  const changed = (of: Values, key: FieldKey) => of[key].trim() !== base[key];
  return {
    disputed: KEYS.filter((key) => changed(mine, key) && changed(theirs, key) && mine[key].trim() !== theirs[key]),
    theirs: KEYS.filter((key) => !changed(mine, key) && changed(theirs, key)),
  };
}

/** The main address in place of the one before; the others stay. */
function replaced<T extends { primary?: boolean }>(list: readonly T[], next: T | undefined): T[] {
  const others = list.slice(1).map((other) => ({ ...other, primary: false }));
  return next
    ? [{ ...list[0], ...next, primary: true }, ...others]
    : others.map((other, index) => ({ ...other, primary: index === 0 }));
}

/** Only what differs from the contact as it was read. */
export function patchOf(contact: Contact, values: Values): Patch {
  const before = valuesOf(contact);
  const patch: Patch = {};
  for (const key of ["first_name", "last_name", "company_name", "job_title"] as const)
    if (values[key].trim() !== before[key]) patch[key] = values[key].trim() || null;
  const [email, phone] = [values.email.trim(), values.phone.trim()];
  if (email !== before.email) patch.emails = replaced(contact.emails, email ? { address: email } : undefined);
  if (phone !== before.phone)
    patch.phones = replaced(
      contact.phones.map(({ e164: _, ...rest }) => rest),
      phone ? { number: phone } : undefined,
    );
  return patch;
}
