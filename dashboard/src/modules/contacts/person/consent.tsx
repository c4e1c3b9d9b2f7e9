import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Check, History, Minus, Plus, ShieldBan, X } from "lucide-react";
import { lazy, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Opened } from "@/ui/opened";
import { Popover } from "@/ui/popover";
import { Segments } from "@/ui/segments";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { CHANNELS, type Contact } from "../data";
import type { Asked } from "./consent-dialog";
import { blocks, consents } from "./data";
import { newest, purposeOf } from "./ledger";

const RecordConsent = lazy(async () => ({ default: (await import("./consent-dialog")).RecordConsent }));

type Channel = (typeof CHANNELS)[number];
type Direction = Schema["Direction"];

/** What somebody allowed and how he may not be reached, with the ledger behind it. */
export function Consent({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write") && !contact.deleted_at;
  const ledger = useQuery(consents(contact.id));
  const shut = useQuery(blocks(contact.id));
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const lines = newest(ledger.data?.items ?? []);
  const channels = shut.data?.items ?? [];
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
            {writes && line.state === "granted" && (
              <button
                type="button"
                aria-label={t("contacts.consentWithdraw", { purpose: purposeOf(line) })}
                title={t("contacts.consentWithdraw", { purpose: purposeOf(line) })}
                onClick={() => setAsked({ ...line, state: "withdrawn" })}
                className="relative -me-1 grid size-4 place-items-center rounded-full hover:text-ink after:absolute after:-inset-2 print:hidden"
              >
                <X aria-hidden="true" className="size-3!" />
              </button>
            )}
          </Chip>
        ))}
        {channels.map(({ channel, direction, reason }) => (
          <span key={`${direction}-${channel}`} title={reason ?? undefined}>
            <Chip tone="danger">
              <ShieldBan aria-hidden="true" />
              {t(direction === "inbound" ? "contacts.blockedIn" : "contacts.blocked", {
                channel: t(`contacts.channel.${channel as Channel}`),
              })}
            </Chip>
          </span>
        ))}
        {lines.length + channels.length === 0 && ledger.isSuccess && (
          <p className="text-sm text-muted">{t("contacts.consentNone")}</p>
        )}
      </div>
      {writes && (
        <div className="mt-2 -ms-2 flex flex-wrap gap-1 print:hidden">
          <Button writes size="small" look="ghost" icon={<Plus />} onClick={() => setAsked({ state: "granted" })}>
            {t("contacts.consentRecord")}
          </Button>
          <Blocks id={contact.id} items={channels} />
        </div>
      )}
      <Opened open={asked !== undefined}>
        <RecordConsent
          contact={contact}
          asked={asked}
          purposes={[...new Set(lines.map(({ purpose }) => purpose))]}
          onClose={() => setAsked(undefined)}
        />
      </Opened>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("contacts.consentLedger")} wide>
        <Ledger id={contact.id} />
      </Dialog>
    </section>
  );
}

/** One switch for each channel and way: on means that nothing goes there, or that nothing is taken from there. */
function Blocks({ id, items }: { id: string; items: readonly Schema["DoNotContact"][] }) {
  const { t } = useTranslation();
  const field = useId();
  const cache = useQueryClient();
  const [way, setWay] = useState<Direction>("outbound");
  const [reason, setReason] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: async ({ channel, direction, on, why }: Change) => {
      const path = { id, channel };
      const at = "/v1/contacts/{id}/do-not-contact/{channel}";
      const body = { direction, ...(why && { reason: why }) };
      if (on) await ok(api.PUT(at, { params: { path }, body }));
      else await ok(api.DELETE(at, { params: { path, query: { direction } } }));
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["contacts", "one", id] }),
  });
  const set = (channel: Channel, direction: Direction, on: boolean, before?: string | null) => {
    const named = { channel: t(`contacts.channel.${channel}`) };
    const said = direction === "inbound" ? (["blockedIn", "unblockIn"] as const) : (["blocked", "unblock"] as const);
    mutate(
      { channel, direction, on, why: reason.trim() },
      {
        onSuccess: () => {
          setReason("");
          say(t(`contacts.${said[on ? 0 : 1]}`, named), {
            undo: () => mutate({ channel, direction, on: !on, why: before ?? undefined }),
          });
        },
      },
    );
  };
  return (
    <Popover
      label={t("contacts.doNotContact")}
      align="start"
      sheet
      trigger={
        <Button writes size="small" look="ghost" icon={<ShieldBan />}>
          {t("contacts.doNotContact")}
        </Button>
      }
    >
      <div className="flex w-80 max-w-full flex-col gap-3 p-4 max-md:w-full">
        <Segments
          label={t("contacts.way")}
          value={way}
          onChange={setWay}
          options={[
            { value: "outbound", label: t("contacts.wayOut") },
            { value: "inbound", label: t("contacts.wayIn") },
          ]}
        />
        <p className="text-cap text-muted">{t(way === "inbound" ? "contacts.wayInHelp" : "contacts.wayOutHelp")}</p>
        <div>
          <label htmlFor={field} className="mb-1 block text-[12.5px] font-[560] text-ink-2">
            {t("contacts.blockReason")} <span className="font-[420] text-muted">{t("field.optional")}</span>
          </label>
          <input
            id={field}
            value={reason}
            maxLength={500}
            dir="auto"
            onChange={(event) => setReason(event.target.value)}
            className={clsx(inputLook, inputHeight)}
          />
        </div>
        {CHANNELS.map((channel) => {
          const block = items.find((item) => item.channel === channel && item.direction === way);
          return (
            <div key={channel}>
              <Switch
                label={t(way === "inbound" ? "contacts.blockIn" : "contacts.block", {
                  channel: t(`contacts.channel.${channel}`),
                })}
                checked={block !== undefined}
                disabled={isPending}
                onChange={(on) => set(channel, way, on, block?.reason)}
              />
              {block?.reason && (
                <p dir="auto" className="text-cap break-words text-muted">
                  {block.reason}
                </p>
              )}
            </div>
          );
        })}
      </div>
    </Popover>
  );
}

interface Change {
  channel: Channel;
  direction: Direction;
  on: boolean;
  why?: string;
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
