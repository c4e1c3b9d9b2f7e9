import {
  Building2,
  CircleHelp,
  Eye,
  Flame,
  ListPlus,
  FileKey2,
  Gauge,
  Globe,
  HandHelping,
  HardDrive,
  KeyRound,
  Link as LinkIcon,
  type LucideIcon,
  Mail,
  Orbit,
  Palette,
  ScrollText,
  TimerReset,
  UsersRound,
  Waypoints,
  Webhook,
} from "lucide-react";
import { type Me, may } from "@/app/may";
import { fold, matches } from "@/shell/search";
import type { words } from "./words/en";

export type SectionId = keyof typeof words.sections;
export type Group = keyof typeof words.groups;

/**
 * A page of the settings. What it is called, what it is for and which fields stand on it is in the words of this module
 * under `sections.<id>`, so that it is found in the reader's language.
 */
export interface Section {
  id: SectionId;
  to:
    | "/settings/general"
    | "/settings/plan"
    | "/settings/storage"
    | "/settings/contact-stages"
    | "/settings/pipelines"
    | "/settings/fields"
    | "/settings/follow-ups"
    | "/settings/scoring"
    | "/settings/domains"
    | "/settings/own-domains"
    | "/settings/team"
    | "/settings/roles"
    | "/settings/why"
    | "/settings/access"
    | "/settings/brand"
    | "/settings/audit"
    | "/settings/api-keys"
    | "/settings/webhooks"
    | "/settings/mails"
    | "/settings/privacy";
  icon: LucideIcon;
  group: Group;
  /** Absent when the roles do not include it: never shown in grey. */
  needs?: string;
  /** It changes what everybody works with: the permission has to reach all records. */
  all?: true;
  only?: "agency" | "client";
}

/** In the order of the page. A module adds a line here, its route beside its pages and its words in both languages. */
export const SECTIONS: readonly Section[] = [
  { id: "general", to: "/settings/general", icon: Building2, group: "place", needs: "tenants.read" },
  { id: "plan", to: "/settings/plan", icon: Gauge, group: "place", needs: "tenants.read" },
  { id: "storage", to: "/settings/storage", icon: HardDrive, group: "place", needs: "tenants.read" },
  { id: "stages", to: "/settings/contact-stages", icon: Waypoints, group: "place", needs: "contacts.write", all: true },
  { id: "pipelines", to: "/settings/pipelines", icon: Orbit, group: "place", needs: "deals.write", all: true },
  { id: "fields", to: "/settings/fields", icon: ListPlus, group: "place", needs: "fields.read" },
  { id: "followups", to: "/settings/follow-ups", icon: TimerReset, group: "place", needs: "followups.read" },
  { id: "scoring", to: "/settings/scoring", icon: Flame, group: "place", needs: "scores.read" },
  { id: "team", to: "/settings/team", icon: UsersRound, group: "people", needs: "identity.members.read" },
  { id: "roles", to: "/settings/roles", icon: KeyRound, group: "people", needs: "identity.members.read" },
  { id: "access", to: "/settings/why", icon: CircleHelp, group: "people" },
  { id: "visits", to: "/settings/access", icon: Eye, group: "people", needs: "identity.impersonations.read" },
  { id: "brand", to: "/settings/brand", icon: Palette, group: "reach", needs: "tenants.read" },
  { id: "ownDomains", to: "/settings/own-domains", icon: LinkIcon, group: "reach", needs: "tenants.read" },
  { id: "domains", to: "/settings/domains", icon: Globe, group: "reach", needs: "tenants.read" },
  { id: "apikeys", to: "/settings/api-keys", icon: FileKey2, group: "connect", needs: "identity.api_keys.read" },
  { id: "webhooks", to: "/settings/webhooks", icon: Webhook, group: "connect", needs: "messaging.webhooks.read" },
  { id: "mails", to: "/settings/mails", icon: Mail, group: "connect", needs: "notifications.mails.read" },
  { id: "audit", to: "/settings/audit", icon: ScrollText, group: "record", needs: "privacy.audit.read" },
  { id: "privacy", to: "/settings/privacy", icon: HandHelping, group: "record", needs: "privacy.requests.read" },
];

export const GROUPS: readonly Group[] = ["place", "people", "reach", "connect", "record"];

export function sectionsOf(me: Me | undefined): Section[] {
  if (!me) return [];
  const reached = ({ needs, all }: Section) => !needs || (all ? me.grants[needs] === "all" : may(me, needs));
  return SECTIONS.filter((section) => reached(section) && (!section.only || section.only === me.tenant.kind));
}

/** The section that an address belongs to, its own pages included. */
export function sectionAt(pathname: string): Section | undefined {
  return SECTIONS.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
}

/** What a section says about itself in the reader's language; its fields are separated by semicolons. */
export interface Told {
  title: string;
  text: string;
  fields: string;
}

export interface Found {
  section: Section;
  told: Told;
  /** The fields that the words mean; all of them when nothing is searched. */
  fields: string[];
}

/** Sections whose name, text or one of whose fields carries every word of the query; names come first. */
export function find(sections: readonly Section[], tell: (id: SectionId) => Told, query: string): Found[] {
  const words = query.trim();
  const found = sections.map((section): Found & { rank: number } => {
    const told = tell(section.id);
    const all = told.fields.split(";").map((field) => field.trim());
    const fields = all.filter((field) => matches(field, words));
    const rank = matches(told.title, words) ? 0 : fields.length > 0 ? 1 : matches(whole(told), words) ? 2 : 3;
    return { section, told, fields: rank === 1 ? fields : rank === 0 ? all : fields, rank };
  });
  return found.filter(({ rank }) => rank < 3).sort((a, b) => a.rank - b.rank);
}

const whole = ({ title, text, fields }: Told) => fold([title, text, fields].join(" "));
