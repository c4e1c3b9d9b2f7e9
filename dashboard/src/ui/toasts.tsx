import { Toast } from "@base-ui/react/toast";
import { CircleCheck, CircleX, X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button";
import type { Saying } from "./toast";

const manager = Toast.createToastManager();

let seen: () => void;
/** What is said before there is a place for it waits. */
const place = new Promise<void>((resolve) => {
  seen = resolve;
});

export async function show(toast: Saying): Promise<void> {
  await place;
  const { title, description, undo, wrong } = toast;
  if (wrong) manager.add({ title, description, type: "error", timeout: 0, priority: "high" });
  else manager.add({ title, description, timeout: undo ? 8000 : 5000, data: { undo } });
}

export function Toasts() {
  const { t } = useTranslation();
  useEffect(() => seen(), []);
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t("state.said")}
          data-news=""
          className="print:hidden fixed z-80 flex w-[360px] max-w-[calc(100vw-32px)] flex-col gap-2.5 max-md:inset-x-4 max-md:top-[calc(16px+var(--banner))] max-md:w-auto md:start-4 md:bottom-4 lg:start-[244px]"
        >
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { t } = useTranslation();
  const { toasts, close } = Toast.useToastManager<{ undo?: () => void }>();
  return toasts.map((toast) => {
    const undo = toast.data?.undo;
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className="rounded-[14px] border border-line-2 bg-overlay text-[13.5px] shadow-3 transition-[opacity,transform] duration-260 ease-out data-[ending-style]:opacity-0 data-[limited]:hidden data-[starting-style]:translate-y-2 data-[starting-style]:opacity-0"
      >
        <Toast.Content className="flex items-start gap-3 py-3 ps-3.5 pe-2">
          {toast.type === "error" ? (
            <CircleX aria-hidden="true" className="mt-0.5 size-[18px] shrink-0 text-danger-text" />
          ) : (
            <CircleCheck aria-hidden="true" className="mt-0.5 size-[18px] shrink-0 text-success-text" />
          )}
          <span className="min-w-0 flex-1 break-words">
            <Toast.Title className="font-[570]" render={<p />} />
            <Toast.Description className="text-sm text-muted" />
          </span>
          {undo && (
            <Button
              size="small"
              look="ghost"
              onClick={() => {
                close(toast.id);
                undo();
              }}
            >
              {t("action.undo")}
            </Button>
          )}
          <Toast.Close render={<IconButton label={t("action.close")} small className="-my-1.5" />}>
            <X />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
}
