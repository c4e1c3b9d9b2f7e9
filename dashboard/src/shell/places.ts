import {
  AppWindow,
  Building2,
  CalendarHeart,
  ChartColumn,
  LayoutDashboard,
  ListTodo,
  type LucideIcon,
  Orbit,
  Settings,
  SquarePen,
  UserRound,
  Users,
  UsersRound,
} from "lucide-react";
import { type Me, may } from "@/app/may";

export interface Place {
  to:
    | "/"
    | "/contacts"
    | "/companies"
    | "/deals"
    | "/tasks"
    | "/occasions"
    | "/reports"
    | "/clients"
    | "/notifications"
    | "/settings"
    | "/forms"
    | "/widgets"
    | "/account";
  label:
    | "overview"
    | "contacts"
    | "companies"
    | "deals"
    | "tasks"
    | "occasions"
    | "reports"
    | "clients"
    | "notifications"
    | "settings"
    | "forms"
    | "widgets"
    | "account";
  icon: LucideIcon;
  /** After `g`. */
  key: string;
  /** `foot` stands at the end of the rail. */
  group?: "relate" | "attract" | "run" | "foot";
  /** Absent when the roles do not include it: never shown in grey. */
  needs?: string;
  only?: "agency" | "client";
  /** No tab on phones, which have room for few: it is found by searching. */
  wide?: true;
  /** What of it waits for somebody, as it is counted. */
  waits?: "tasks" | "deals" | "submissions";
  /** How many there are stands beside it, where nothing waits. */
  counted?: "contacts" | "companies" | "deals";
}

const PLACES: Place[] = [
  { to: "/", label: "overview", icon: LayoutDashboard, key: "o" },
  { to: "/clients", label: "clients", icon: UsersRound, key: "l", needs: "tenants.clients.read", only: "agency" },
  {
    to: "/contacts",
    label: "contacts",
    icon: Users,
    key: "c",
    group: "relate",
    needs: "contacts.read",
    counted: "contacts",
  },
  {
    to: "/companies",
    label: "companies",
    icon: Building2,
    key: "b",
    group: "relate",
    needs: "companies.read",
    wide: true,
    counted: "companies",
  },
  {
    to: "/deals",
    label: "deals",
    icon: Orbit,
    key: "d",
    group: "relate",
    needs: "deals.read",
    waits: "deals",
    counted: "deals",
  },
  {
    to: "/tasks",
    label: "tasks",
    icon: ListTodo,
    key: "t",
    group: "relate",
    needs: "tasks.read",
    wide: true,
    waits: "tasks",
  },
  {
    to: "/occasions",
    label: "occasions",
    icon: CalendarHeart,
    key: "e",
    group: "relate",
    needs: "occasions.read",
    wide: true,
  },
  {
    to: "/forms",
    label: "forms",
    icon: SquarePen,
    key: "f",
    group: "attract",
    needs: "forms.read",
    waits: "submissions",
  },
  { to: "/widgets", label: "widgets", icon: AppWindow, key: "w", group: "attract", needs: "tenants.read" },
  { to: "/reports", label: "reports", icon: ChartColumn, key: "r", group: "run", needs: "reports.read", wide: true },
  { to: "/settings", label: "settings", icon: Settings, key: "s", group: "foot" },
];

const ASIDE: Place[] = [{ to: "/account", label: "account", icon: UserRound, key: "a" }];

/** Also reachable, but not worth a place in the rail. An account is nobody else's to look into. */
export const asideOf = (me: Me | undefined): Place[] => (me?.impersonation ? [] : ASIDE);

export function placesOf(me: Me | undefined): Place[] {
  if (!me) return [];
  return PLACES.filter(({ needs, only }) => (!needs || may(me, needs)) && (!only || only === me.tenant.kind));
}
