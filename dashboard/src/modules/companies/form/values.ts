import * as z from "zod/mini";
import { minorOf, typedOf } from "@/ui/money";
import type { Company, Patch } from "../data";

const line = z.string().check(z.trim(), z.maxLength(300, "too_long"));
const amount = z.string().check(z.trim());
const AMOUNTS = ["annual_value", "monthly_revenue"] as const;

export const schema = z
  .object({
    name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
    legal_name: line,
    industry: line,
    size: z.string(),
    website: line,
    email: line,
    phone: line,
    tax_id: line,
    tier: z.string(),
    client_since: z.string(),
    profiles: z.string().check(z.trim(), z.maxLength(3000, "too_long")),
    line1: line,
    line2: line,
    postal_code: line,
    city: line,
    region: line,
    country: z.string(),
    annual_value: amount,
    monthly_revenue: amount,
    currency: z.string(),
    renews_on: z.string(),
    cancel_by: z.string(),
    description: z.string().check(z.trim(), z.maxLength(5000, "too_long")),
  })
  .check(
    z.refine((v) => v.currency !== "" || (v.annual_value === "" && v.monthly_revenue === ""), {
      error: "required",
      path: ["currency"],
    }),
    ...AMOUNTS.map((key) =>
      z.refine<Record<(typeof AMOUNTS)[number] | "currency", string>>(
        (v) => v[key] === "" || minorOf(v[key], v.currency || "EUR") !== undefined,
        { error: "amount_invalid", path: [key] },
      ),
    ),
  );
export type Values = z.infer<typeof schema>;

/** As many pages in social networks as the API takes. */
const PAGES = 10;

/** Where a field of the API stands in the form. */
export const FIELDS: Record<string, keyof Values> = {
  ...Object.fromEntries(Array.from({ length: PAGES }, (_, page) => [`/profiles/${page}`, "profiles" as const])),
  "/address/line1": "line1",
  "/address/line2": "line2",
  "/address/postal_code": "postal_code",
  "/address/city": "city",
  "/address/region": "region",
  "/address/country": "country",
};

export function valuesOf(company: Company): Values {
  const { address, currency } = company;
  const typed = (minor?: number | null) => (minor != null && currency ? typedOf(minor, currency) : "");
  return {
    name: company.name,
    legal_name: company.legal_name ?? "",
    industry: company.industry ?? "",
    size: company.size ?? "",
    website: company.website ?? "",
    email: company.email ?? "",
    phone: company.phone ?? "",
    tax_id: company.tax_id ?? "",
    tier: company.tier ?? "",
    client_since: company.client_since ?? "",
    profiles: company.profiles.join("\n"),
    line1: address?.line1 ?? "",
    line2: address?.line2 ?? "",
    postal_code: address?.postal_code ?? "",
    city: address?.city ?? "",
    region: address?.region ?? "",
    country: address?.country ?? "",
    annual_value: typed(company.annual_value),
    monthly_revenue: typed(company.monthly_revenue),
    currency: currency ?? "",
    renews_on: company.renews_on ?? "",
    cancel_by: company.cancel_by ?? "",
    description: company.description ?? "",
  };
}

const PLAIN = [
  "legal_name",
  "industry",
  "size",
  "website",
  "email",
  "phone",
  "tax_id",
  "tier",
  "client_since",
  "currency",
  "renews_on",
  "cancel_by",
  "description",
] as const;
const PLACE = ["line1", "line2", "postal_code", "city", "region", "country"] as const;

const linesOf = (text: string) => text.split("\n").flatMap((line) => line.trim() || []);

/** Only what differs from the company as it was read; an amount is another one in another currency. */
export function patchOf(company: Company, values: Values): Patch {
  const before = valuesOf(company);
  const changed = (key: keyof Values) => values[key].trim() !== before[key];
  const patch: Record<string, unknown> = {};
  if (changed("name")) patch.name = values.name.trim();
  if (changed("profiles")) patch.profiles = linesOf(values.profiles);
  for (const key of PLAIN) if (changed(key)) patch[key] = values[key].trim() || null;
  for (const key of AMOUNTS)
    if (changed(key) || (changed("currency") && values[key] !== ""))
      patch[key] = minorOf(values[key], values.currency) ?? null;
  if (PLACE.some(changed)) {
    const kept = { ...company.address, ...Object.fromEntries(PLACE.map((key) => [key, values[key].trim() || null])) };
    patch.address = Object.fromEntries(Object.entries(kept).filter(([, value]) => value));
  }
  return patch as Patch;
}
