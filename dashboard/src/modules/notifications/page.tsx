import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "@/shell/page";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { unread, type Which } from "./data";
import { NotificationList, ReadAll } from "./list";

export function NotificationsPage() {
  const { t } = useTranslation();
  const [which, setWhich] = useState<Which>("unread");
  const count = useQuery(unread).data?.count;
  return (
    <Page title={t("notifications.title")}>
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-7 py-5 max-md:px-4">
        <div className="flex items-center justify-between">
          <Segments
            label={t("notifications.title")}
            value={which}
            onChange={setWhich}
            options={[
              { value: "unread", label: t("notifications.unread"), count },
              { value: "all", label: t("notifications.all") },
            ]}
          />
          <ReadAll disabled={!count} />
        </div>
        <Panel label={t("notifications.title")} bare>
          <NotificationList which={which} />
        </Panel>
      </div>
    </Page>
  );
}
