import type { TFunction } from "i18next";
import type { Formats } from "@/i18n/format";
import { money } from "@/ui/money";
import type { Row } from "../../duplicates/rows";
import { nameOf } from "../../contacts/person/named";
import type { CustomField } from "../../fields/data";
import { shown } from "../../fields/show";
import type { Company } from "../data";
import { dayOf } from "../parts";

const PLAIN = ["name", "legal_name", "industry", "size", "website", "email", "phone", "tax_id", "description"] as const;

interface Names {
  member: (id: string) => string | undefined;
  company: (id: string) => string | undefined;
}

/** The fields in which the companies differ. An amount goes with its currency, and the last day to cancel with the renewal. */
export function rowsOf(
  companies: readonly Company[],
  fields: readonly CustomField[],
  names: Names,
  formats: Formats,
  t: TFunction,
): Row[] {
  const row = (field: string, label: string, of: (company: Company) => string, united = false): Row => ({
    field,
    label,
    values: companies.map(of),
    united,
  });
  const day = (value: string | null | undefined) => (value ? dayOf(value, formats.locale) : "");
  const amounts = ({ annual_value: annual, monthly_revenue: monthly, currency }: Company) => {
    const said = (label: string, amount: number | null | undefined) =>
      amount != null && currency && `${label}: ${money(amount, currency, formats.locale)}`;
    const lines = [
      said(t("companies.field.annual_value"), annual),
      said(t("companies.field.monthly_revenue"), monthly),
    ].filter(Boolean);
    return lines.join("\n") || (currency ?? "");
  };
  const renewal = ({ renews_on, cancel_by }: Company) =>
    [day(renews_on), cancel_by && `${t("companies.field.cancel_by")}: ${day(cancel_by)}`].filter(Boolean).join("\n");
  const rows = [
    ...PLAIN.map((field) => row(field, t(`companies.field.${field}`), (company) => company[field] ?? "")),
    row("profiles", t("companies.field.profiles"), ({ profiles }) => profiles.join("\n"), true),
    row("address", t("companies.field.address"), ({ address }) =>
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
    row("status", t("companies.statusOf"), ({ status }) => t(`companies.status.${status}`)),
    row("tier", t("companies.tierOf"), ({ tier }) => (tier ? t(`companies.tier.${tier}`) : "")),
    row("parent", t("companies.parent"), ({ parent }) => (parent ? (names.company(parent) ?? "…") : "")),
    row("owner", t("companies.owner"), ({ owner }) => (owner ? (names.member(owner) ?? "…") : "")),
    row("amounts", t("companies.merging.amounts"), amounts),
    row("client_since", t("companies.field.client_since"), ({ client_since }) => day(client_since)),
    row("renewal", t("companies.merging.renewal"), renewal),
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
