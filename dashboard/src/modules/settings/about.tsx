import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { CopyButton } from "@/ui/copy";
import { Panel } from "@/ui/panel";

/** What nobody changes here, but support and programs ask for. */
export function About({ place }: { place: Schema["Tenant"] }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const state = `settings.general.states.${place.state}`;
  const facts: [string, React.ReactNode][] = [
    [
      t("settings.general.id"),
      <span key="id" className="flex min-w-0 items-center gap-1">
        <code className="truncate font-mono text-[12px]" dir="ltr">
          {place.id}
        </code>
        <CopyButton text={place.id} what={t("settings.general.id")} />
      </span>,
    ],
    [t("settings.general.kind"), t(place.kind === "agency" ? "settings.general.agency" : "settings.general.client")],
    [t("settings.general.state"), i18n.exists(state) ? t(state as "settings.general.states.active") : place.state],
    ...(place.activated_at
      ? [[t("settings.general.since"), formats.full(place.activated_at)] as [string, React.ReactNode]]
      : []),
  ];
  return (
    <Panel title={t("settings.general.about")}>
      <dl className="grid grid-cols-[140px_minmax(0,1fr)] items-center gap-y-2 text-sm max-sm:grid-cols-[96px_minmax(0,1fr)]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
