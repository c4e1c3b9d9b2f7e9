/** Runs over each kind of records: what is asked about them, and what they changed, in words. Everything else is one page. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import type { PageOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import type { Run } from "@/ui/bulk";
import { dayOf } from "../companies/parts";
import { stages, useMembers } from "../contacts/data";
import { pipelines } from "../deals/data";
import { fieldsOf } from "../fields/fields-of";
import { choosable } from "../segments/data";

/** What became of a record, whatever it is. */
export interface RunRow {
  place: number;
  /** Absent when it is out of reach or gone for good. */
  id?: string | null;
  /** Absent when it is deleted. */
  name?: string | null;
  reason?: string | null;
  /** Fields that the reason is about, as JSON pointers. */
  fields: readonly string[];
  undo?: string | null;
}

/** A page of a list: where it begins, how long it is, what it is narrowed by. */
interface Asked {
  limit: number;
  cursor?: string;
  filter?: string[];
}

/** What is the same about every kind, but for the paths. */
export interface Kind<R extends Run> {
  name: Name;
  list: (query: Asked, signal: AbortSignal) => Promise<PageOf<R>>;
  rows: (id: string, query: Asked, signal: AbortSignal) => Promise<PageOf<RunRow>>;
  stop: (id: string) => Promise<unknown>;
  takeBack: (id: string) => Promise<unknown>;
  /** What a run changed, in words. */
  useSaid: () => (run: R) => string[];
}

export type Name = "contacts" | "companies" | "deals";
/** Kinds as their fields name them. */
export const ONE = { contacts: "contact", companies: "company", deals: "deal" } as const;

const at = (id: string) => ({ params: { path: { id } } });
const rowsAt = (id: string, query: Asked, signal: AbortSignal) => ({ params: { path: { id }, query }, signal });

export const contacts: Kind<Schema["ContactBulkRun"]> = {
  name: "contacts",
  list: (query, signal) => ok(api.GET("/v1/contact-bulk-runs", { params: { query }, signal })),
  rows: async (id, query, signal) => {
    const page = await ok(api.GET("/v1/contact-bulk-runs/{id}/rows", rowsAt(id, query, signal)));
    const items = page.items.map(({ contact, contact_name, field, ...row }) => ({
      ...row,
      id: contact,
      name: contact_name,
      fields: field ? [field] : [],
    }));
    return { ...page, items };
  },
  stop: (id) => ok(api.POST("/v1/contact-bulk-runs/{id}/cancellation", at(id))),
  takeBack: (id) => ok(api.POST("/v1/contact-bulk-runs/{id}/undo", at(id))),
  useSaid: () => {
    const { t } = useTranslation();
    const shared = useShared("contacts");
    const { data: known = [] } = useQuery(stages);
    const { data: segments = [] } = useQuery({ ...choosable, enabled: useMay("segments.read") });
    const segment = (id: string) => segments.find((each) => each.id === id)?.name ?? id;
    return ({ change }) => {
      const { stage, tier, source, add_tags = [], remove_tags = [] } = change;
      const { add_to_segment: into, remove_from_segment: outOf, block, unblock } = change;
      return [
        ...(stage ? [t("runs.say.stage", { value: known.find(({ key }) => key === stage)?.label ?? stage })] : []),
        ...(tier !== undefined
          ? [t("runs.say.tier", { value: tier ? t(`contacts.tiers.${tier}`) : t("runs.say.empty") })]
          : []),
        ...(source !== undefined ? [t("runs.say.source", { value: source || t("runs.say.empty") })] : []),
        ...shared(change),
        ...add_tags.map((value) => t("runs.say.add", { value })),
        ...remove_tags.map((value) => t("runs.say.remove", { value })),
        ...(into ? [t("runs.say.addTo", { value: segment(into) })] : []),
        ...(outOf ? [t("runs.say.removeFrom", { value: segment(outOf) })] : []),
        ...(block ? [t("runs.say.block", { value: t(`contacts.channel.${block}`) })] : []),
        ...(unblock ? [t("runs.say.unblock", { value: t(`contacts.channel.${unblock}`) })] : []),
      ];
    };
  },
};

export const companies: Kind<Schema["CompanyBulkRun"]> = {
  name: "companies",
  list: (query, signal) => ok(api.GET("/v1/company-bulk-runs", { params: { query }, signal })),
  rows: async (id, query, signal) => {
    const page = await ok(api.GET("/v1/company-bulk-runs/{id}/rows", rowsAt(id, query, signal)));
    return { ...page, items: page.items.map((row) => ({ ...row, id: row.company, name: row.company_name })) };
  },
  stop: (id) => ok(api.POST("/v1/company-bulk-runs/{id}/cancellation", at(id))),
  takeBack: (id) => ok(api.POST("/v1/company-bulk-runs/{id}/undo", at(id))),
  useSaid: () => {
    const { t } = useTranslation();
    const shared = useShared("companies");
    return ({ change }) => {
      const { status, tier, industry } = change;
      return [
        ...(status ? [t("runs.say.status", { value: t(`companies.status.${status}`) })] : []),
        ...(tier !== undefined
          ? [t("runs.say.tier", { value: tier ? t(`companies.tier.${tier}`) : t("runs.say.empty") })]
          : []),
        ...(industry !== undefined ? [t("runs.say.industry", { value: industry || t("runs.say.empty") })] : []),
        ...shared(change),
      ];
    };
  },
};

export const deals: Kind<Schema["DealBulkRun"]> = {
  name: "deals",
  list: (query, signal) => ok(api.GET("/v1/deal-bulk-runs", { params: { query }, signal })),
  rows: async (id, query, signal) => {
    const page = await ok(api.GET("/v1/deal-bulk-runs/{id}/rows", rowsAt(id, query, signal)));
    return { ...page, items: page.items.map((row) => ({ ...row, id: row.deal, name: row.deal_title })) };
  },
  stop: (id) => ok(api.POST("/v1/deal-bulk-runs/{id}/cancellation", at(id))),
  takeBack: (id) => ok(api.POST("/v1/deal-bulk-runs/{id}/undo", at(id))),
  useSaid: () => {
    const { t } = useTranslation();
    const { locale } = useFormats();
    const shared = useShared("deals");
    const { data: lines = [] } = useQuery(pipelines);
    return ({ change }) => {
      const { stage, expected_close: closes, outcome, reopened } = change;
      const name = lines.flatMap((line) => line.stages).find(({ id }) => id === stage)?.name;
      const ended = outcome && [t(`deals.status.${outcome.status}`), outcome.reason].filter(Boolean).join(": ");
      return [
        ...(stage ? [t("runs.say.stage", { value: name ?? t("runs.say.goneStage") })] : []),
        ...(closes !== undefined
          ? [t("runs.say.closes", { value: closes ? dayOf(closes, locale) : t("runs.say.empty") })]
          : []),
        ...(ended ? [ended] : []),
        ...(reopened ? [t("runs.say.reopened")] : []),
        ...shared(change),
      ];
    };
  },
};

/** What every kind of records can be changed by: whose they are, the tenant's own fields, and whether they are there. */
function useShared(name: Name) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const { data: own } = useQuery(fieldsOf(ONE[name]));
  const shown = (value: unknown): string =>
    value === null || value === undefined || value === ""
      ? t("runs.say.empty")
      : Array.isArray(value)
        ? formats.list(value.map(String))
        : `${value}`;
  return (change: { owner?: string | null; custom?: object | null; deleted?: boolean | null }): string[] => [
    ...(change.owner !== undefined
      ? [t("runs.say.owner", { value: shown(change.owner && (members.get(change.owner) ?? change.owner)) })]
      : []),
    ...Object.entries(change.custom ?? {}).map(([key, value]) => {
      const field = own?.items.find((each) => each.key === key)?.label ?? key;
      return t("runs.say.custom", { field, value: shown(value) });
    }),
    ...(change.deleted == null ? [] : [t(change.deleted ? "runs.say.deleted" : "runs.say.restored")]),
  ];
}
