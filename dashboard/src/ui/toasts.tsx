import { Toast } from "@base-ui/react/toast";
import i18next from "i18next";
import { CircleCheck, CircleX, RotateCw, X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { sayProblem } from "@/i18n/problems";
import { Button, IconButton } from "./button";
import { useCountdown } from "./countdown";
import type { Saying } from "./toast";

interface More {
  undo?: () => void;
  /** When the changes that were refused may be sent again. */
  until?: number;
}

const manager = Toast.createToastManager<More>();

let isThere = false;
let seen: () => void;
/** What is said before there is a place for it waits. */
const place = new Promise<void>((resolve) => {
  seen = resolve;
});

/** Changes that came too fast for the server, by what they are: the same one pressed twice is one. */
const refused = new Map<string, () => void>();

/** A change was refused because there were too many: counts down, then offers to send it again with what was typed. */
export function offerAgain(seconds: number, change: string, again: () => void): void {
  // Pages before the sign-in say it in their forms.
  if (!isThere) return;
  refused.set(change, again);
  manager.add({
    id: "too-many",
    title: i18next.t("error.notSaved"),
    type: "error",
    timeout: 0,
    priority: "high",
    data: { until: Date.now() + seconds * 1000 },
    onClose: () => refused.clear(),
  });
}

export async function show(toast: Saying): Promise<void> {
  await place;
  const { title, description, undo, wrong } = toast;
  // Whoever made the change says it, too: once is enough.
  if (wrong && refused.size > 0 && [title, description].includes(sayProblem("rate_limited"))) return;
  if (wrong) manager.add({ title, description, type: "error", timeout: 0, priority: "high" });
  else manager.add({ title, description, timeout: undo ? 8000 : 5000, data: { undo } });
}

export function Toasts() {
  const { t } = useTranslation();
  useEffect(() => {
    isThere = true;
    seen();
    return () => {
      isThere = false;
    };
  }, []);
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t("state.said")}
          data-news=""
          className="print:hidden fixed z-80 flex w-[360px] max-w-[calc(100vw-32px)] flex-col gap-2.5 max-md:inset-x-4 max-md:top-[calc(16px+var(--banner))] max-md:w-auto md:start-4 md:bottom-4 md:[body:has([data-bar])_&]:bottom-28 lg:start-[244px]"
        >
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { t } = useTranslation();
  const { toasts, close } = Toast.useToastManager<More>();
  return toasts.map((toast) => {
    const { undo, until } = toast.data ?? {};
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
            {until !== undefined && <Again until={until} onClose={() => close(toast.id)} />}
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

function Again({ until, onClose }: { until: number; onClose: () => void }) {
  const { t } = useTranslation();
  const [left, start] = useCountdown();
  useEffect(() => start((until - Date.now()) / 1000), [until, start]);
  const send = () => {
    const changes = [...refused.values()];
    refused.clear();
    onClose();
    for (const again of changes) again();
  };
  return (
    <>
      {left > 0 && (
        // Every second would be read aloud.
        <span aria-live="off" className="num block text-sm text-muted">
          {t("error.wait", { count: left })}
        </span>
      )}
      <Button size="small" icon={<RotateCw />} disabled={left > 0} className="mt-2" onClick={send}>
        {t("action.retry")}
      </Button>
    </>
  );
}
