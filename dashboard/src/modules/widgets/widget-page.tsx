import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Boundary } from "@/ui/boundary";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say } from "@/ui/toast";
import { sightings, snippet, useWidgetChange, type Widget, widget } from "./data";
import { Install } from "./install";
import { InstallTest } from "./install-test";
import { MetWebsites } from "./met";
import { WidgetSettings } from "./widget-settings";

export function WidgetPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "tenants.read")) return <Forbidden title={t("widgets.title")} needs="tenants.read" />;
  return <Shown />;
}

function Shown() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/shell/widgets/$id" });
  const query = useQuery(widget(id));
  return (
    <Page
      title={t("widgets.widget")}
      record={query.data?.name}
      back="/widgets"
      crumbs={
        <>
          <Link to="/widgets" className="font-[420] text-muted!">
            {t("widgets.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          <b className="max-w-[36ch] truncate font-semibold text-ink">{query.data?.name}</b>
        </>
      }
    >
      <div className="px-7 pt-4 pb-12 max-md:px-4 max-md:pt-2">
        {query.data ? (
          <Body widget={query.data} />
        ) : (
          <Panel bare>
            {query.isError ? (
              <Failed error={query.error} onRetry={() => void query.refetch()} />
            ) : (
              <SkeletonRows rows={6} tall />
            )}
          </Panel>
        )}
      </div>
    </Page>
  );
}

function Body({ widget: item }: { widget: Widget }) {
  const { t } = useTranslation();
  // What stands below a list comes after it: nothing is pushed away.
  const guide = useQuery(snippet(item.id, "inline", "html"));
  const met = useQuery(sightings(item.id, 7));
  return (
    <>
      <header className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="wide text-h1 font-[590] break-words">
            <bdi>{item.name}</bdi>
          </h2>
          <code className="font-mono text-[12px] text-muted" dir="ltr">
            {item.id}
          </code>
        </div>
        <OnOff widget={item} />
      </header>
      <div className="grid items-start gap-4 max-md:gap-3.5 xl:grid-cols-[minmax(0,1.35fr)_minmax(320px,1fr)]">
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
          <Boundary title={t("widgets.install")}>
            <Install widget={item} />
          </Boundary>
          {guide.isFetched && (
            <Boundary title={t("widgets.test")}>
              <InstallTest widget={item} />
            </Boundary>
          )}
        </div>
        <div className={`flex min-w-0 flex-col gap-4 max-md:gap-3.5 ${guide.isFetched ? "" : "max-xl:hidden"}`}>
          <Boundary title={t("widgets.met")}>
            <MetWebsites widget={item} />
          </Boundary>
          {met.isFetched && (
            <Boundary title={t("widgets.settings")}>
              <WidgetSettings widget={item} />
            </Boundary>
          )}
        </div>
      </div>
    </>
  );
}

/** What it does to visitors is said beside the switch: off is off everywhere within a second. */
function OnOff({ widget: item }: { widget: Widget }) {
  const { t } = useTranslation();
  const writes = useMay("tenants.widgets.write");
  const { mutate } = useWidgetChange(item.id);
  const change = (enabled: boolean) =>
    mutate(
      { enabled },
      {
        onSuccess: () =>
          say(t(enabled ? "widgets.switchedOn" : "widgets.switchedOff"), { undo: () => change(!enabled) }),
      },
    );
  return (
    <div className="flex items-center gap-3 rounded-[12px] border border-line bg-surface px-3.5 py-2">
      <span className="text-sm text-muted">{t(item.enabled ? "widgets.onText" : "widgets.offText")}</span>
      <Switch label={t("widgets.shownToVisitors")} alone checked={item.enabled} disabled={!writes} onChange={change} />
    </div>
  );
}
