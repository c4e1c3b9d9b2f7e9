import { Dialog as Base } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";

/** For what may not be missed, and for making something new. On phones it is a sheet from below. */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  /** It stays until something is done: no cross, no Escape. */
  firm?: boolean;
  wide?: boolean;
}) {
  const { t } = useTranslation();
  const { open, onClose, firm } = props;
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={firm}
      onOpenChange={(next) => {
        if (!next && !firm) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-70 bg-scrim transition-opacity duration-160 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-70 grid place-items-center overflow-y-auto p-5 pt-[calc(20px+var(--banner))] max-md:items-end max-md:p-0">
          <Base.Popup
            className={clsx(
              "w-full rounded-sheet border border-line-2 bg-overlay p-5 shadow-3 outline-none transition-[opacity,transform] duration-260 ease-out",
              "data-[ending-style]:opacity-0 data-[starting-style]:translate-y-2 data-[starting-style]:opacity-0",
              "max-md:max-h-[calc(92dvh-var(--banner))] max-md:overflow-y-auto max-md:rounded-b-none max-md:pb-[calc(20px+env(safe-area-inset-bottom))]",
              props.wide ? "md:max-w-[640px]" : "md:max-w-[480px]",
            )}
          >
            <header className="mb-4 flex items-start gap-3">
              <div className="min-w-0 flex-1">
                <Base.Title className="wide text-h2 font-semibold break-words">{props.title}</Base.Title>
                {props.lead && <Base.Description className="mt-1 text-sm text-muted">{props.lead}</Base.Description>}
              </div>
              {!firm && (
                <Base.Close render={<IconButton label={t("action.close")} className="-m-1.5" />}>
                  <X />
                </Base.Close>
              )}
            </header>
            {props.children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
