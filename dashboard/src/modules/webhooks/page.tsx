import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, CirclePause, Plus, TriangleAlert, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Empty } from "@/ui/states";
import { Section } from "../settings/section";
import { EditWebhook } from "./edit";
import { type Webhook, webhooks, webhooksFile } from "./data";

export function WebhooksPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("messaging.webhooks.write");
  const { q = "" } = useSearch({ from: "/shell/settings/webhooks" });
  const navigate = useNavigate();
  const setQ = (next: string) =>
    void navigate({ to: "/settings/webhooks", search: { q: next || undefined }, replace: true });
  const [creating, setCreating] = useState(false);
  const query = useInfiniteQuery(webhooks(q));
  const create = writes && (
    <Button look="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      {t("webhooks.create")}
    </Button>
  );
  return (
    <Section
      id="webhooks"
      wide
      actions={
        <>
          <ExportButton name="webhooks" load={() => webhooksFile(q)} />
          {create}
        </>
      }
    >
      <SearchBox label={t("webhooks.search")} value={q} onChange={setQ} />
      <Panel bare label={t("settings.sections.webhooks.title")}>
        <Listed
          query={query}
          onClear={q ? () => setQ("") : undefined}
          empty={
            <Empty title={t("webhooks.emptyTitle")} actions={create}>
              {t("webhooks.emptyText")}
            </Empty>
          }
        >
          {(items) => (
            <ul className="divide-y divide-line">
              {items.map((item) => (
                <li key={item.id}>
                  <PlainLink
                    to="/settings/webhooks/$id"
                    params={{ id: item.id }}
                    className="flex min-h-[57px] flex-wrap items-center gap-x-4 gap-y-1 px-[18px] py-2.5 hover:bg-hover max-md:px-4"
                  >
                    <span
                      aria-hidden="true"
                      className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
                    >
                      <WebhookIcon />
                    </span>
                    <span className="min-w-0 flex-1 basis-48">
                      <b className="block text-[14px] leading-[1.3] font-[590]">
                        <Own title={item.name}>{item.name}</Own>
                      </b>
                      <code className="block truncate font-mono text-[12px] text-muted" dir="ltr">
                        {item.url}
                      </code>
                    </span>
                    <span className="text-[12.5px] text-muted">
                      {item.last_delivery_at
                        ? t("webhooks.lastTook", { when: formats.ago(item.last_delivery_at) })
                        : t("webhooks.neverTook")}
                    </span>
                    <WebhookState item={item} />
                  </PlainLink>
                </li>
              ))}
            </ul>
          )}
        </Listed>
      </Panel>
      <EditWebhook open={creating} onClose={() => setCreating(false)} />
    </Section>
  );
}

export function WebhookState({ item }: { item: Webhook }) {
  const { t } = useTranslation();
  if (!item.enabled)
    return (
      <Chip tone={item.disabled_reason === "manual" ? "neutral" : "danger"}>
        <CirclePause aria-hidden="true" />
        {t(item.disabled_reason === "manual" ? "webhooks.paused" : "webhooks.switchedOff")}
      </Chip>
    );
  if (item.failing_since)
    return (
      <Chip tone="warning">
        <TriangleAlert aria-hidden="true" />
        {t("webhooks.failing")}
      </Chip>
    );
  return (
    <Chip tone="success">
      <CircleCheck aria-hidden="true" />
      {t("webhooks.on")}
    </Chip>
  );
}
