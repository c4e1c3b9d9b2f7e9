import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, History, Minus, ShieldBan } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { Popover } from "@/ui/popover";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { CHANNELS, type Contact } from "../data";
import { blocks, consents } from "./data";

type Channel = (typeof CHANNELS)[number];

/** What somebody allowed and how he may not be reached, with the ledger behind it. */
export function Consent({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write") && !contact.deleted_at;
  const ledger = useQuery(consents(contact.id));
  const shut = useQuery(blocks(contact.id));
  const [open, setOpen] = useState(false);
  const lines = newest(ledger.data?.items ?? []);
  const channels = (shut.data?.items ?? []).filter(({ direction }) => direction === "outbound");
  return (
    <section className="mt-4 border-line border-t pt-3.5">
      <header className="mb-2 flex items-center justify-between">
        <h3 className="snug text-sm font-semibold">{t("contacts.consent")}</h3>
        {(ledger.data?.items.length ?? 0) > 0 && (
          <button
            type="button"
            onClick={() => setOpen(true)}
            className="-my-2 min-h-9 text-[12.5px] text-accent-text hover:underline print:hidden max-md:min-h-11"
          >
            {t("contacts.consentHistory")}
          </button>
        )}
      </header>
      <div className="flex flex-wrap gap-1.5">
        {lines.map((line) => (
          <Chip key={line.id} tone={line.state === "granted" ? "success" : "neutral"}>
            {line.state === "granted" ? <Check aria-hidden="true" /> : <Minus aria-hidden="true" />}
            {t(line.state === "granted" ? "contacts.granted" : "contacts.withdrawn", { purpose: purposeOf(line) })}
          </Chip>
        ))}
        {channels.map(({ channel, reason }) => (
          <span key={channel} title={reason ?? undefined}>
            <Chip tone="danger">
              <ShieldBan aria-hidden="true" />
              {t("contacts.blocked", { channel: t(`contacts.channel.${channel as Channel}`) })}
            </Chip>
          </span>
        ))}
        {lines.length + channels.length === 0 && ledger.isSuccess && (
          <p className="text-sm text-muted">{t("contacts.consentNone")}</p>
        )}
      </div>
      {writes && <Blocks id={contact.id} items={channels} />}
      <Dialog open={open} onClose={() => setOpen(false)} title={t("contacts.consentLedger")} wide>
        <Ledger id={contact.id} />
      </Dialog>
    </section>
  );
}

/** The newest line of a purpose and a channel holds. */
function newest(items: readonly Schema["Consent"][]): Schema["Consent"][] {
  const held = new Map<string, Schema["Consent"]>();
  for (const line of items) {
    const key = `${line.purpose}/${line.channel ?? ""}`;
    if (!held.has(key)) held.set(key, line);
  }
  return [...held.values()];
}

const purposeOf = ({ purpose, channel }: Schema["Consent"]) =>
  [purpose.replaceAll("_", " "), channel].filter(Boolean).join(", ");

/** One switch for each channel: on means that nobody reaches him there. */
function Blocks({ id, items }: { id: string; items: readonly Schema["DoNotContact"][] }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: async ({ channel, on }: { channel: Channel; on: boolean }) => {
      const path = { id, channel };
      const at = "/v1/contacts/{id}/do-not-contact/{channel}";
      if (on) await ok(api.PUT(at, { params: { path }, body: {} }));
      else await ok(api.DELETE(at, { params: { path } }));
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["contacts", "one", id] }),
  });
  const set = (channel: Channel, on: boolean) =>
    mutate(
      { channel, on },
      {
        onSuccess: () =>
          say(t(on ? "contacts.blocked" : "contacts.unblock", { channel: t(`contacts.channel.${channel}`) }), {
            undo: () => mutate({ channel, on: !on }),
          }),
      },
    );
  return (
    <Popover
      label={t("contacts.doNotContact")}
      align="start"
      trigger={
        <Button writes size="small" look="ghost" icon={<ShieldBan />} className="mt-2 -ms-2 print:hidden">
          {t("contacts.doNotContact")}
        </Button>
      }
    >
      <div className="flex w-72 flex-col gap-3 p-4">
        {CHANNELS.map((channel) => {
          const block = items.find((item) => item.channel === channel);
          return (
            <div key={channel}>
              <Switch
                label={t("contacts.block", { channel: t(`contacts.channel.${channel}`) })}
                checked={block !== undefined}
                disabled={isPending}
                onChange={(on) => set(channel, on)}
              />
              {block?.reason && <p className="text-cap text-muted">{block.reason}</p>}
            </div>
          );
        })}
      </div>
    </Popover>
  );
}

/** Every line that was ever written, with its wording and where it comes from. */
function Ledger({ id }: { id: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery(consents(id));
  if (query.isPending) return <SkeletonRows rows={3} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <ol className="-mx-5 max-h-[60dvh] overflow-y-auto border-line border-t">
      {query.data.items.map((line) => {
        const { evidence } = line;
        const from = [evidence?.note, evidence?.page ?? evidence?.origin, evidence?.ip_prefix].filter(Boolean);
        return (
          <li key={line.id} className="border-line border-b px-5 py-3 text-sm last:border-0">
            <p className="flex items-baseline gap-2">
              <b className="font-[570]">
                {t(line.state === "granted" ? "contacts.granted" : "contacts.withdrawn", { purpose: purposeOf(line) })}
              </b>
              <time dateTime={line.occurred_at} className="num ms-auto whitespace-nowrap text-cap text-muted">
                {formats.full(line.occurred_at)}
              </time>
            </p>
            {line.text && (
              <p dir="auto" className="mt-1 text-ink-2">
                “{line.text}”
              </p>
            )}
            <p className="mt-1 flex items-start gap-1.5 text-cap text-muted">
              <History aria-hidden="true" className="mt-px size-3.5 shrink-0" />
              <span className="min-w-0 break-words">
                {[t(`contacts.said.${saidBy(line.actor_kind)}`), ...from, line.text_version]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </p>
          </li>
        );
      })}
    </ol>
  );
}

const saidBy = (kind: string) =>
  kind === "user" || kind === "visitor" || kind === "api_key" ? kind : ("system" as const);
