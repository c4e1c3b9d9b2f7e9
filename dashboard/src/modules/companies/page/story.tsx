import i18next, { type TFunction } from "i18next";
import { ArrowRightLeft, Building2, type LucideIcon, Trash2, UserRound, UsersRound, Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useInfiniteQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { Composer } from "../../activities/composer";
import { RecordTimeline } from "../../activities/timeline";
import { useMembers } from "../../contacts/data";
import type { Entry } from "../../contacts/story";
import { type Company, people } from "../data";

/** What happened with a company, its deals and its people, what is planned, and what somebody adds to that. */
export function Story({ company }: { company: Company }) {
  const { t } = useTranslation();
  const members = useMembers();
  const writes = useMay("activities.write");
  const { data } = useInfiniteQuery(people(company.id));
  const about = {
    kind: "company" as const,
    id: company.id,
    name: company.name,
    over: Boolean(company.deleted_at),
    people: data && rowsOf(data).map(({ contact, display_name }) => ({ id: contact, name: display_name })),
  };
  return (
    <>
      {writes && !about.over && (
        <div className="print:hidden">
          <Composer key={company.id} about={about} />
        </div>
      )}
      <RecordTimeline
        about={about}
        tell={(entry) => {
          if (entry.subject !== "companies" || !entry.kind.startsWith("company.")) return undefined;
          const verb = told(entry, t, (id) => members.get(id));
          return verb ? { verb, icon: ICONS[entry.kind] ?? Building2 } : undefined;
        }}
      />
    </>
  );
}

const ICONS: Record<string, LucideIcon> = {
  "company.status_changed": Waypoints,
  "company.assigned": UserRound,
  "company.moved": ArrowRightLeft,
  "company.deleted": Trash2,
  "company.person_added": UsersRound,
  "company.person_changed": UsersRound,
  "company.person_removed": UsersRound,
};

/** What happened to a company; none for what the common words say. */
export function told(entry: Entry, t: TFunction, member: (id: string) => string | undefined): string | undefined {
  const payload = (entry.payload ?? {}) as Record<string, unknown>;
  const text = (key: string) => (typeof payload[key] === "string" ? (payload[key] as string) : "");
  const list = (key: string) =>
    Array.isArray(payload[key]) ? (payload[key] as unknown[]).filter((v): v is string => typeof v === "string") : [];
  const word = (key: string, otherwise: string) =>
    i18next.exists(`companies.${key}`) ? t(`companies.${key}` as "companies.name") : otherwise;
  const name = entry.contact_name ?? t("companies.somebody");
  switch (entry.kind) {
    case "company.updated": {
      const fields = list("fields").map((field) => word(`field.${field}`, field.replaceAll("_", " ")));
      return t("companies.event.updated", { fields: fields.join(", ") });
    }
    case "company.status_changed":
      return t("companies.event.status_changed", { status: word(`status.${text("to")}`, text("to")) });
    case "company.assigned":
      return text("to")
        ? t("companies.event.assigned", { owner: member(text("to")) ?? t("companies.somebody") })
        : t("companies.event.unassigned");
    case "company.person_added":
    case "company.person_changed": {
      const roles = list("roles").map((role) => word(`role.${role}`, role));
      const key = entry.kind === "company.person_added" ? "person_added" : "person_changed";
      return [t(`companies.event.${key}`, { name }), roles.join(", ")].filter(Boolean).join(": ");
    }
    case "company.person_removed":
      return t("companies.event.person_removed", { name });
    default:
      return word(`event.${entry.kind.replace("company.", "")}`, "") || undefined;
  }
}
