import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { unread } from "@/modules/notifications/data";
import { IconButton } from "@/ui/button";
import { Popover } from "@/ui/popover";
import { SkeletonRows } from "@/ui/states";

const Panel = lazy(async () => ({ default: (await import("./bell-panel")).BellPanel }));

/** A dot, never a number: how many it is stands in the panel and in the name. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const count = useQuery(unread).data?.count ?? 0;
  return (
    <Popover
      label={t("notifications.title")}
      open={open}
      onOpenChange={setOpen}
      className="w-[392px] overflow-hidden"
      trigger={
        <IconButton label={t("notifications.bell", { count })}>
          <BellIcon />
          {count > 0 && (
            <span className="absolute end-2 top-2 size-2 rounded-full bg-sun shadow-[0_0_0_2px_var(--void)] max-md:end-[11px] max-md:top-[11px]" />
          )}
        </IconButton>
      }
    >
      <Suspense fallback={<SkeletonRows rows={3} tall />}>
        <Panel onClose={() => setOpen(false)} />
      </Suspense>
    </Popover>
  );
}
