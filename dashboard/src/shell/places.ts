import { LayoutDashboard, type LucideIcon, UserRound, Users, UsersRound } from "lucide-react";
import { type Me, may } from "@/app/may";

export interface Place {
  to: "/" | "/contacts" | "/clients" | "/notifications" | "/account";
  label: "overview" | "contacts" | "clients" | "notifications" | "account";
  icon: LucideIcon;
  /** After `g`. */
  key: string;
  group?: "relate" | "run";
  /** Absent when the roles do not include it: never shown in grey. */
  needs?: string;
  only?: "agency" | "client";
}

const PLACES: Place[] = [
  { to: "/", label: "overview", icon: LayoutDashboard, key: "o" },
  { to: "/clients", label: "clients", icon: UsersRound, key: "l", needs: "tenants.clients.read", only: "agency" },
  { to: "/contacts", label: "contacts", icon: Users, key: "c", group: "relate", needs: "contacts.read" },
];

/** Also reachable, but not worth a place in the rail. */
export const ASIDE: Place[] = [{ to: "/account", label: "account", icon: UserRound, key: "a" }];

export function placesOf(me: Me | undefined): Place[] {
  if (!me) return [];
  return PLACES.filter(({ needs, only }) => (!needs || may(me, needs)) && (!only || only === me.tenant.kind));
}
