import type { ReactNode } from "react";

/** What a navigation link needs; the shell gives the router's own link for it. */
export interface NavLinkProps {
  href: string;
  className: string;
  "aria-current": "page" | undefined;
  children: ReactNode;
}

/** How the shell draws a link. */
export type RenderLink = (props: NavLinkProps) => ReactNode;

/** One place to go to. */
export interface NavItem {
  key: string;
  label: string;
  href: string;
  icon: ReactNode;
  /** A quiet number ("1,284 contacts"). */
  count?: number;
  /** What waits for this person; shown as the sun's badge. */
  waiting?: number;
}

/** Items under one heading; the first group has none. */
export interface NavGroup {
  label?: string;
  items: readonly NavItem[];
}
