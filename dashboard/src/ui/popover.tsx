import { type ComponentProps, cloneElement, type ReactElement } from "react";
import type * as Parts from "./popover-parts";
import { part, useDemanded } from "./part";

export const popoverParts = part<typeof Parts>(() => import("./popover-parts"));

/** A button and what it opens; the latter comes with the first interest in it. */
export function Popover(props: ComponentProps<typeof Parts.Popover>) {
  const { whole, pressed, wearing } = useDemanded(popoverParts, "dialog", props.open, () => props.onOpenChange?.(true));
  if (whole) return <whole.Popover {...props} defaultOpen={props.open === undefined && pressed} />;
  const trigger = props.trigger as ReactElement<ComponentProps<"button">>;
  return cloneElement(trigger, wearing(trigger.props));
}
