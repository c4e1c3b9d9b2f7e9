import type { TFunction } from "i18next";
import type { Formats } from "@/i18n/format";
import type { Contact } from "../contacts/data";
import { fieldName } from "../contacts/story";
import { nameOf } from "../contacts/person/named";
import type { CustomField } from "../fields/data";
import { shown } from "../fields/show";

/** A field in which contacts can differ, with what each has. */
export interface Row {
  /** Its name in the API. */
  field: string;
  label: string;
  values: string[];
  /** Of lists all are kept; one chooses whose come first. */
  united: boolean;
}

const PLAIN = [
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
] as const;

/** The fields in which the contacts differ: nobody has to look at what is the same. */
export function rowsOf(
  contacts: readonly Contact[],
  fields: readonly CustomField[],
  names: { stage: (key: string) => string; member: (id: string) => string | undefined; nobody: string },
  formats: Formats,
  t: TFunction,
): Row[] {
  const row = (field: string, label: string, of: (contact: Contact) => string, united = false): Row => ({
    field,
    label,
    values: contacts.map(of),
    united,
  });
  const rows = [
    ...PLAIN.map((field) => row(field, fieldName(field, t), (contact) => contact[field] ?? "")),
    row("address", fieldName("address", t), ({ address }) =>
      [
        address?.line1,
        address?.line2,
        address?.postal_code,
        address?.city,
        address?.region,
        address?.country && nameOf("region", formats.locale, address.country),
      ]
        .filter(Boolean)
        .join(", "),
    ),
    row("stage", t("contacts.stage"), ({ stage }) => names.stage(stage)),
    row("tier", t("contacts.tier"), ({ tier }) => (tier ? t(`contacts.tiers.${tier}`) : "")),
    row("owner", t("contacts.owner"), ({ owner }) => (owner ? (names.member(owner) ?? "…") : names.nobody)),
    row("emails", t("contacts.email"), ({ emails }) => emails.map(({ address }) => address).join("\n"), true),
    row("phones", t("contacts.phone"), ({ phones }) => phones.map(({ number }) => number).join("\n"), true),
    row("profiles", t("contacts.profiles"), ({ profiles }) => profiles.map(({ url }) => url).join("\n"), true),
    ...fields
      .filter(({ type }) => type !== "formula")
      .map((field) =>
        row(`custom.${field.key}`, field.label, ({ custom }) =>
          shown(field, (custom as Record<string, unknown>)[field.key], formats, t),
        ),
      ),
  ];
  return rows.filter(({ values }) => new Set(values).size > 1);
}

/** Whose value a field gets when nobody chooses: the kept contact's, or the first that has one. */
export function first(row: Row, kept: number): number {
  if (row.united || row.values[kept] !== "") return kept;
  return Math.max(
    row.values.findIndex((value) => value !== ""),
    0,
  );
}
