import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { daysLeft } from "@/ui/days-left";
import { Panel } from "@/ui/panel";
import type { Client } from "./data";

/** What it is set to. */
export function Facts({ client }: { client: Client }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const name = (type: "region" | "currency" | "language", code: string) => {
    try {
      return new Intl.DisplayNames(formats.locale, { type }).of(code) ?? code;
    } catch {
      return code;
    }
  };
  return (
    <Panel title={t("clients.facts")}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-sm">
        <Fact label={t("clients.opened")}>{client.activated_at ? formats.full(client.activated_at) : "–"}</Fact>
        {client.trial_ends_at && (
          <Fact label={t("clients.trial")}>
            <TrialEnd at={client.trial_ends_at} />
          </Fact>
        )}
        <Fact label={t("clients.zone")}>{client.zone.replaceAll("_", " ")}</Fact>
        <Fact label={t("clients.language")}>{name("language", client.locale)}</Fact>
        <Fact label={t("clients.country")}>{client.country ? name("region", client.country) : "–"}</Fact>
        <Fact label={t("clients.currency")}>
          {name("currency", client.currency)} ({client.currency})
        </Fact>
        <Fact label={t("clients.id")}>
          <code className="font-mono text-[12px] break-all">{client.id}</code>
        </Fact>
      </dl>
    </Panel>
  );
}

/** When the days to try its plan are over, or since when they are. */
function TrialEnd({ at }: { at: string }) {
  const { t } = useTranslation();
  const date = useFormats().day(at);
  return Date.parse(at) <= Date.now()
    ? t("clients.trialSince", { date })
    : t("clients.trialLeft", { count: daysLeft(at), date });
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
