import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Asked, MENTION } from "@/modules/notifications/asked";
import { unread } from "@/modules/notifications/unread";
import { NotificationList, ReadAll } from "@/modules/notifications/list";
import { Boundary } from "@/ui/boundary";
import { Popover } from "@/ui/popover-parts";
import { Link } from "@/ui/link";
import { Segments } from "@/ui/segments";
import { Bell } from "./bell";
import { PushOffer } from "./push-offer";

export function Notifications({ defaultOpen }: { defaultOpen?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(defaultOpen ?? false);
  return (
    <Popover
      label={t("notifications.title")}
      open={open}
      onOpenChange={setOpen}
      className="w-[392px] overflow-hidden"
      trigger={<Bell />}
    >
      <BellPanel onClose={() => setOpen(false)} />
    </Popover>
  );
}

type Tab = "unread" | "mentions" | "all";
const ASKED: Record<Tab, Asked> = {
  unread: { which: "unread" },
  mentions: { which: "all", kind: MENTION },
  all: { which: "all" },
};

function BellPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("unread");
  const count = useQuery(unread).data?.count;
  return (
    <>
      <div className="flex items-center justify-between px-[18px] pt-4">
        <h2 className="wide text-h2 font-semibold">{t("notifications.title")}</h2>
        <ReadAll disabled={!count} />
      </div>
      <div className="border-line border-b px-[18px] py-3">
        <Segments<Tab>
          label={t("notifications.title")}
          value={tab}
          onChange={setTab}
          options={[
            { value: "unread", label: t("notifications.unread"), count },
            { value: "mentions", label: t("notifications.mentions") },
            { value: "all", label: t("notifications.all") },
          ]}
        />
      </div>
      <div className="max-h-[min(480px,60dvh)] overflow-y-auto">
        <Boundary>
          <NotificationList asked={ASKED[tab]} onOpened={onClose} />
        </Boundary>
      </div>
      <PushOffer asked={ASKED[tab]} />
      <div className="border-line border-t px-[18px] py-2.5 text-sm">
        <Link to="/notifications" onClick={onClose} className="-my-3 inline-grid min-h-11 place-items-center">
          {t("notifications.seeAll")}
        </Link>
      </div>
    </>
  );
}
