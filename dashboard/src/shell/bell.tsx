import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { unread } from "@/modules/notifications/unread";
import { IconButton } from "@/ui/button";

/** A dot, never a number: how many it is stands in the panel and in the name. */
export function Bell(props: ComponentProps<"button">) {
  const { t } = useTranslation();
  const count = useQuery(unread).data?.count ?? 0;
  return (
    <IconButton {...props} label={t("notifications.bell", { count })}>
      <BellIcon />
      {count > 0 && (
        <span className="absolute end-2 top-2 size-2 rounded-full bg-sun shadow-[0_0_0_2px_var(--void)] max-md:end-[11px] max-md:top-[11px]" />
      )}
    </IconButton>
  );
}
