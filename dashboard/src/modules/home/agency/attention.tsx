import { CircleCheck } from "lucide-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { type Formats, useFormats } from "@/i18n/format";
import { Health } from "@/modules/clients/health";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import type { Reason } from "../data";
import { limitName } from "../limit";
import { ClientRow, Known, type Query } from "./rows";

/** Clients that need somebody, each with the reason. */
export function Attention({ query }: { query: Query }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const more = (
    <Link to="/clients" className="text-[12.5px]">
      {t("home.openClients")}
    </Link>
  );
  return (
    <Panel title={t("home.attention")} more={more} flush>
      <Known query={query} rows={3}>
        {({ attention, attention_count: all }) =>
          attention.length === 0 ? (
            <p className="flex items-center gap-3 px-[18px] pt-1.5 pb-[18px] text-[13.5px] text-ink-2">
              <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-success-text" />
              {t("home.attentionNone")}
            </p>
          ) : (
            <>
              <ul className="divide-y divide-line">
                {attention.slice(0, 8).map(({ client, reasons }) => (
                  <ClientRow
                    key={client.id}
                    id={client.id}
                    name={client.name}
                    sub={reasons.map((reason) => sentence(reason, t, formats)).join(" ")}
                  >
                    <Health client={{ ...client, health: client.health === "stopped" ? "stopped" : "attention" }} />
                  </ClientRow>
                ))}
              </ul>
              {all > 8 && (
                <p className="border-line border-t px-[18px] py-2.5 text-[12.5px] text-muted">
                  {t("home.andMore", { count: all - 8 })}
                </p>
              )}
            </>
          )
        }
      </Known>
    </Panel>
  );
}

/** Why, in one sentence. */
function sentence({ kind, count = 0, text = "", until }: Reason, t: TFunction, formats: Formats): string {
  switch (kind) {
    case "deleting":
      return t("home.why.deleting", { date: until ? formats.day(until) : "" });
    case "stopped":
      return text ? t("home.why.stopped", { reason: text }) : t("home.why.moving");
    case "refused":
      return t("home.why.refused", { count });
    case "nowhere":
      return t("home.why.nowhere", { count });
    case "limit":
      return t(`home.full.${limitName(text)}`);
    case "trial_over":
      return t("home.why.trialOver", { date: until ? formats.day(until) : "" });
    case "trial":
      return t("home.why.trial", { date: until ? formats.day(until) : "" });
    case "quiet":
      return t("home.why.quiet");
  }
}
