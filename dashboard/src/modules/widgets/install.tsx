import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Code } from "@/ui/code";
import { useKept } from "@/ui/kept";
import { FieldFrame, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Mode, type Platform, snippet, type Widget } from "./data";

const MODES: readonly Mode[] = ["inline", "popup", "float"];
export const PLATFORMS: readonly Platform[] = [
  "html",
  "wordpress",
  "shopify",
  "webflow",
  "squarespace",
  "wix",
  "react",
  "tag_manager",
];

/** Where the lines go, for the place where the website is made. */
export function Install({ widget }: { widget: Widget }) {
  const { t } = useTranslation();
  const [mode, setMode] = useKept<Mode>("upz.widgets.mode", "inline");
  const [platform, setPlatform] = useKept<Platform>("upz.widgets.platform", "html");
  const id = useId();
  const query = useQuery(snippet(widget.id, mode, platform));
  return (
    <Panel title={t("widgets.install")} note={t("widgets.installNote")}>
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-end gap-3">
          <FieldFrame id={id} label={t("widgets.platform")}>
            <Select id={id} value={platform} onChange={(event) => setPlatform(event.target.value as Platform)}>
              {PLATFORMS.map((each) => (
                <option key={each} value={each}>
                  {t(`widgets.platforms.${each}.name`)}
                </option>
              ))}
            </Select>
          </FieldFrame>
          <Segments<Mode>
            label={t("widgets.mode")}
            value={mode}
            onChange={setMode}
            options={MODES.map((value) => ({ value, label: t(`widgets.modes.${value}`) }))}
          />
        </div>
        {query.data ? (
          <>
            <Missing widget={widget} mode={mode} />
            <Code text={query.data.html} label={t("widgets.snippet")} />
            <ol className="flex list-decimal flex-col gap-1.5 ps-5 text-sm text-ink-2 marker:text-muted">
              {steps(t(`widgets.platforms.${platform}.steps`)).map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <div>
              <h3 className="text-h3 font-semibold">{t("widgets.policy")}</h3>
              <p className="mt-0.5 mb-2 text-sm text-muted">{t("widgets.policyText")}</p>
              <Code text={query.data.policy.join(";\n")} label={t("widgets.policy")} />
            </div>
          </>
        ) : query.isError ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonRows rows={4} />
        )}
      </div>
    </Panel>
  );
}

/** Steps of a guide are lines of one text. */
const steps = (text: string) => text.split("\n").filter(Boolean);

/** What the server would say as well, in the reader's language. */
function Missing({ widget, mode }: { widget: Widget; mode: Mode }) {
  const { t } = useTranslation();
  const missing = [
    ...(widget.enabled ? [] : [t("widgets.missing.off")]),
    ...(widget.websites === 0 ? [t("widgets.missing.nowhere")] : []),
    ...(!widget.hosted_url && mode === "inline" ? [t("widgets.missing.hosted")] : []),
  ];
  if (missing.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1.5 rounded-[12px] bg-warning-soft px-3.5 py-2.5 text-sm">
      {missing.map((text) => (
        <li key={text} className="flex items-start gap-2">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warning-text" />
          {text}
        </li>
      ))}
    </ul>
  );
}
