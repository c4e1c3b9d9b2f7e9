import { type ComponentProps, cloneElement, type ReactElement } from "react";
import type * as Parts from "./menu-parts";
import { part, useDemanded } from "./part";

export const menuParts = part<typeof Parts>(() => import("./menu-parts"));

type Props<Name extends "Menu" | "MenuItem" | "MenuCheck" | "MenuLabel" | "MenuGroup"> = ComponentProps<
  (typeof Parts)[Name]
>;

/** A button and what it opens; the latter comes with the first interest in it. */
export function Menu(props: Props<"Menu">) {
  const { whole, pressed, wearing } = useDemanded(menuParts, "menu", props.defaultOpen);
  if (whole) return <whole.Menu {...props} defaultOpen={pressed} />;
  const trigger = props.trigger as ReactElement<ComponentProps<"button">>;
  return cloneElement(trigger, wearing(trigger.props));
}

// They stand in an open menu: by then its parts are here.

export function MenuItem(props: Props<"MenuItem">) {
  const parts = menuParts.now();
  return parts && <parts.MenuItem {...props} />;
}

export function MenuChoices<T extends string>(props: Parameters<typeof Parts.MenuChoices<T>>[0]) {
  const parts = menuParts.now();
  return parts && <parts.MenuChoices {...props} />;
}

export function MenuCheck(props: Props<"MenuCheck">) {
  const parts = menuParts.now();
  return parts && <parts.MenuCheck {...props} />;
}

export function MenuLabel(props: Props<"MenuLabel">) {
  const parts = menuParts.now();
  return parts && <parts.MenuLabel {...props} />;
}

export function MenuGroup(props: Props<"MenuGroup">) {
  const parts = menuParts.now();
  return parts && <parts.MenuGroup {...props} />;
}

export function MenuLine() {
  const parts = menuParts.now();
  return parts && <parts.MenuLine />;
}
