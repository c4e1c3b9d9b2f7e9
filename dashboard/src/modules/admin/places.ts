import {
  Activity,
  Building2,
  ChartColumn,
  Database,
  Flag,
  Globe,
  KeyRound,
  Layers,
  LayoutDashboard,
  ListChecks,
  LogIn,
  type LucideIcon,
  ScrollText,
  Settings,
  UsersRound,
} from "lucide-react";

export interface AdminPlace {
  to:
    | "/admin"
    | "/admin/agencies"
    | "/admin/clients"
    | "/admin/domains"
    | "/admin/health"
    | "/admin/schemas"
    | "/admin/jobs"
    | "/admin/flags"
    | "/admin/plans"
    | "/admin/revenue"
    | "/admin/audit"
    | "/admin/impersonations"
    | "/admin/keys"
    | "/admin/settings";
  label:
    | "overview"
    | "agencies"
    | "clients"
    | "domains"
    | "health"
    | "schemas"
    | "jobs"
    | "flags"
    | "plans"
    | "revenue"
    | "audit"
    | "impersonations"
    | "keys"
    | "settings";
  icon: LucideIcon;
  /** After `g`. */
  key: string;
  group?: "run" | "money" | "trust";
}

export const PLACES: AdminPlace[] = [
  { to: "/admin", label: "overview", icon: LayoutDashboard, key: "o" },
  { to: "/admin/agencies", label: "agencies", icon: Building2, key: "a" },
  { to: "/admin/clients", label: "clients", icon: UsersRound, key: "c" },
  { to: "/admin/domains", label: "domains", icon: Globe, key: "d" },
  { to: "/admin/health", label: "health", icon: Activity, key: "h", group: "run" },
  { to: "/admin/schemas", label: "schemas", icon: Database, key: "m", group: "run" },
  { to: "/admin/jobs", label: "jobs", icon: ListChecks, key: "j", group: "run" },
  { to: "/admin/flags", label: "flags", icon: Flag, key: "f", group: "run" },
  { to: "/admin/plans", label: "plans", icon: Layers, key: "p", group: "money" },
  { to: "/admin/revenue", label: "revenue", icon: ChartColumn, key: "r", group: "money" },
  { to: "/admin/impersonations", label: "impersonations", icon: LogIn, key: "i", group: "trust" },
  { to: "/admin/audit", label: "audit", icon: ScrollText, key: "l", group: "trust" },
  { to: "/admin/keys", label: "keys", icon: KeyRound, key: "k", group: "trust" },
  { to: "/admin/settings", label: "settings", icon: Settings, key: "s", group: "trust" },
];
export const GROUPS = [undefined, "run", "money", "trust"] as const;

/** On phones, the four that somebody looks at in a hurry; the rest is under the fifth. */
export const DOCKED = ["overview", "health", "agencies", "clients"];
