import { CircleAlert, CirclePause, Hourglass, Send } from "lucide-react";
import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { type Client, offers, useClientChange } from "./data";

/** What is out of the ordinary with a client, and the way back from it. */
export function Notices({ client }: { client: Client }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const suspends = useMay("tenants.suspend");
  const deletes = useMay("tenants.delete");
  const transfers = useMay("tenants.transfer");
  const offer = useQuery({ ...offers, enabled: Boolean(client.transfer_id) }).data?.items.find(
    ({ id }) => id === client.transfer_id,
  );
  const path = { params: { path: { id: client.id } } };
  const keep = useClientChange(
    () => ok(api.DELETE("/v1/clients/{id}/deletion", path)),
    t("clients.kept", { name: client.name }),
  );
  const resume = useClientChange(
    () => ok(api.DELETE("/v1/clients/{id}/suspension", path)),
    t("clients.resumed", { name: client.name }),
  );
  const takeBack = useClientChange(
    (id: string) => ok(api.DELETE("/v1/transfers/{id}", { params: { path: { id } } })),
    t("clients.offerTaken"),
  );
  const stopped = client.state === "suspended" || client.state === "read_only";
  return (
    <>
      {client.deletion_due_at && (
        <Notice
          tone="danger"
          icon={<CircleAlert />}
          title={t("clients.deletionOn", { date: formats.full(client.deletion_due_at) })}
        >
          {t("clients.deletionText")}
          {deletes && (
            <Button writes size="small" busy={keep.isPending} onClick={() => keep.mutate(undefined)}>
              {t("clients.keep")}
            </Button>
          )}
        </Notice>
      )}
      {stopped && (
        <Notice
          tone="warning"
          icon={<CirclePause />}
          title={client.state === "read_only" ? t("clients.isReadOnly") : t("clients.isSuspended")}
        >
          {client.stop_reason}
          {client.stopped_by_platform ? (
            <span className="text-muted">{t("clients.byPlatform")}</span>
          ) : (
            suspends && (
              <Button writes size="small" busy={resume.isPending} onClick={() => resume.mutate(undefined)}>
                {t("clients.resume")}
              </Button>
            )
          )}
        </Notice>
      )}
      {client.state === "active" && client.trial_ends_at && Date.parse(client.trial_ends_at) <= Date.now() && (
        <Notice tone="warning" icon={<Hourglass />} title={t("clients.trialOver")}>
          {t("clients.trialOverText", { date: formats.day(client.trial_ends_at) })}
        </Notice>
      )}
      {offer && (
        <Notice tone="accent" icon={<Send />} title={t("clients.offered")}>
          {t("clients.offeredText", { agency: offer.to_id, date: formats.day(offer.expires_at) })}
          {transfers && (
            <Button writes size="small" busy={takeBack.isPending} onClick={() => takeBack.mutate(offer.id)}>
              {t("clients.takeBack")}
            </Button>
          )}
        </Notice>
      )}
    </>
  );
}

const TONE = {
  danger: "bg-danger-soft [&>svg]:text-danger-text",
  warning: "bg-warning-soft [&>svg]:text-warning-text",
  accent: "bg-accent-soft [&>svg]:text-accent-text",
};

export function Notice(props: { tone: keyof typeof TONE; icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section
      aria-label={props.title}
      className={`flex items-start gap-3 rounded-[12px] px-4 py-3 text-sm [&>svg]:mt-0.5 [&>svg]:size-[18px] [&>svg]:shrink-0 ${TONE[props.tone]}`}
    >
      {props.icon}
      <div className="min-w-0 flex-1">
        <p className="font-[590]">{props.title}</p>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-2 text-ink-2 [&>button]:ms-auto">
          {props.children}
        </div>
      </div>
    </section>
  );
}
