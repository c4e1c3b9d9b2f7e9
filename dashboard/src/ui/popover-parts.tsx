import { Popover as Base } from "@base-ui/react/popover";
import { clsx } from "clsx";
import type { ReactElement, ReactNode } from "react";
import { popupLook } from "./menu-parts";

/** Over the window's lower edge, whatever place beside the button was reckoned. */
const sheetPlace =
  "max-md:fixed! max-md:inset-x-0! max-md:top-auto! max-md:bottom-0! max-md:transform-none! max-md:w-auto!";
const sheetLook =
  "max-md:w-full! max-md:max-w-none! max-md:rounded-sheet! max-md:rounded-b-none! max-md:pb-[calc(20px+env(safe-area-inset-bottom))]! max-md:data-[starting-style]:translate-y-4";

/** Anything about one row or one button. */
export function Popover(props: {
  trigger: ReactElement;
  label: string;
  children: ReactNode;
  align?: "start" | "end" | "center";
  className?: string;
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** There is something to fill in: on phones it is a sheet from below, and the page steps back. */
  sheet?: boolean;
}) {
  return (
    <Base.Root open={props.open} defaultOpen={props.defaultOpen} onOpenChange={props.onOpenChange}>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        {props.sheet && <Base.Backdrop className="fixed inset-0 z-70 bg-scrim md:hidden" />}
        <Base.Positioner
          className={clsx("z-70", props.sheet && sheetPlace)}
          align={props.align ?? "end"}
          sideOffset={8}
          collisionPadding={8}
        >
          <Base.Popup
            aria-label={props.label}
            className={clsx(popupLook, "max-w-[calc(100vw-16px)]", props.className, props.sheet && sheetLook)}
          >
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
