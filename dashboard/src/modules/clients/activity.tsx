import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import type { Client } from "./data";

/** How it is doing, in the figures that its health is judged by. */
export function Activity({ client: { activity } }: { client: Client }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const last = activity.last_seen_at;
  return (
    <Panel title={t("clients.doing")} note={t("clients.doingNote")}>
      <dl className="grid grid-cols-4 gap-x-4 gap-y-3 max-sm:grid-cols-2">
        <Figure label={t("clients.shown")} value={formats.count(activity.seen_week)} />
        <Figure
          label={t("clients.refused")}
          value={formats.count(activity.refused_week)}
          warns={activity.refused_week > 0}
        />
        <Figure
          label={t("clients.widgets")}
          value={t("clients.widgetsOf", {
            on: formats.count(activity.widgets_on),
            all: formats.count(activity.widgets),
          })}
          warns={activity.widgets_nowhere > 0}
        />
        <Figure label={t("clients.websites")} value={formats.count(activity.websites)} />
      </dl>
      <p className="mt-3 text-sm text-muted">
        {activity.widgets_nowhere > 0 && (
          <span className="text-warning-text">{t("clients.nowhere", { count: activity.widgets_nowhere })} </span>
        )}
        {last ? (
          <time dateTime={last} title={formats.full(last)}>
            {t("clients.lastSeen", { when: formats.ago(last) })}
          </time>
        ) : (
          t("clients.neverSeen")
        )}
      </p>
    </Panel>
  );
}

function Figure(props: { label: string; value: string; warns?: boolean }) {
  return (
    <div>
      <dt className="text-[12.5px] text-muted">{props.label}</dt>
      <dd className={`wide mt-0.5 text-[20px] leading-[30px] font-[560] ${props.warns ? "text-warning-text" : ""}`}>
        {props.value}
      </dd>
    </div>
  );
}
