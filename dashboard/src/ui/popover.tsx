import { Popover as Base } from "@base-ui/react/popover";
import { clsx } from "clsx";
import type { ReactElement, ReactNode } from "react";
import { popupLook } from "./menu";

/** Anything about one row or one button. */
export function Popover(props: {
  trigger: ReactElement;
  label: string;
  children: ReactNode;
  align?: "start" | "end" | "center";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  return (
    <Base.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner className="z-70" align={props.align ?? "end"} sideOffset={8} collisionPadding={8}>
          <Base.Popup aria-label={props.label} className={clsx(popupLook, "max-w-[calc(100vw-16px)]", props.className)}>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
