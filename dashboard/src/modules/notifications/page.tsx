import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SlidersHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Page } from "@/shell/page";
import { Filter } from "@/ui/filter";
import { ButtonLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import type { Asked, Which } from "./asked";
import { Center } from "./center";
import { unread } from "./unread";
import { ReadAll } from "./list";
import type { NotificationSearch } from "./routes";
import { kindsOf, MODULES, wordOf } from "./told";

/** What somebody was told, all of it. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/notifications" });
  const navigate = useNavigate();
  const count = useQuery(unread).data?.count;
  const asked: Asked = {
    which: search.which ?? "unread",
    ...(search.module && { module: search.module }),
    ...(search.kind && { kind: search.kind }),
  };
  const change = (next: NotificationSearch) =>
    void navigate({ to: "/notifications", search: { ...search, ...next }, replace: true });
  return (
    <Page title={t("notifications.title")}>
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-7 py-5 max-md:gap-3 max-md:px-4 max-md:py-3">
        <div className="flex flex-wrap items-center gap-2">
          <Segments<Which>
            label={t("notifications.title")}
            value={asked.which}
            onChange={(which) => change({ which: which === "unread" ? undefined : which })}
            options={[
              { value: "unread", label: t("notifications.unread"), count },
              { value: "read", label: t("notifications.read") },
              { value: "all", label: t("notifications.all") },
              { value: "snoozed", label: t("notifications.snoozedTab") },
              { value: "archived", label: t("notifications.away") },
            ]}
          />
          <Filter
            label={t("notifications.module")}
            value={asked.module}
            choices={MODULES.map((value) => ({ value, label: t(`module.${value}`) }))}
            onChange={(module) => change({ module, kind: undefined })}
          />
          <Filter
            label={t("notifications.kindLabel")}
            value={asked.kind}
            choices={kindsOf(asked.module).map((kind) => ({
              value: kind,
              label: t(`notifications.kind.${wordOf(kind)}`),
            }))}
            onChange={(kind) => change({ kind })}
          />
          <span className="ms-auto flex items-center gap-3">
            <ReadAll disabled={!count} module={asked.module} />
            <ButtonLink to="/account" size="small">
              <SlidersHorizontal aria-hidden="true" />
              {t("notifications.preferences")}
            </ButtonLink>
          </span>
        </div>
        <Panel label={t("notifications.title")} bare>
          <Center asked={asked} onClear={() => change({ which: undefined, module: undefined, kind: undefined })} />
        </Panel>
      </div>
    </Page>
  );
}
