import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { canPush, permission, tellThisDevice } from "@/app/push";
import { useVisit } from "@/app/visit";
import type { Asked } from "@/modules/notifications/asked";
import { notifications } from "@/modules/notifications/data";
import { Button } from "@/ui/button";
import { say, sayError } from "@/ui/toast";

const REFUSED = "upz.push-later";

function refusedBefore(): boolean {
  try {
    return localStorage.getItem(REFUSED) !== null;
  } catch {
    return true;
  }
}

const wanted = () => canPush() && permission() === "default" && !refusedBefore();

/** Once there is something one was told: whether it may reach this device as well. Whoever says no is not asked again. */
export function PushOffer({ asked }: { asked: Asked }) {
  const visit = useVisit();
  const [open, setOpen] = useState(wanted);
  return open && !visit ? <Offer asked={asked} onDone={() => setOpen(false)} /> : null;
}

function Offer({ asked, onDone }: { asked: Asked; onDone: () => void }) {
  const { t } = useTranslation();
  const seen = useInfiniteQuery(notifications(asked)).data?.pages.some(({ items }) => items.length > 0);
  const start = useMutation({
    mutationFn: tellThisDevice,
    onSuccess: (answer) => {
      if (answer === "told") say(t("notifications.pushDone"));
      onDone();
    },
    onError: (error) => sayError(t("notifications.pushFailed"), error.message),
  });
  if (!seen) return null;
  const later = () => {
    try {
      localStorage.setItem(REFUSED, "yes");
    } catch {
      // Then it is offered again.
    }
    onDone();
  };
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-t bg-sunken px-[18px] py-3 text-sm">
      <p className="min-w-40 flex-1 text-ink-2">{t("notifications.pushOffer")}</p>
      <Button size="small" look="ghost" onClick={later}>
        {t("notifications.pushLater")}
      </Button>
      <Button size="small" busy={start.isPending} onClick={() => start.mutate()}>
        {t("notifications.pushYes")}
      </Button>
    </div>
  );
}
