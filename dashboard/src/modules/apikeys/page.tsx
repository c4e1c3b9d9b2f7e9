import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, CircleSlash, ClockAlert, KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { Listed } from "@/ui/listed";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { Section } from "../settings/section";
import { CreateKey } from "./create";
import {
  type ApiKey,
  apiKeys,
  apiKeysFile,
  type Narrowed,
  readNarrowed,
  type State,
  stateOf,
  type Which,
} from "./data";
import { KeyDialog } from "./key-dialog";

export function ApiKeysPage() {
  const { t } = useTranslation();
  const writes = useMay("identity.api_keys.write");
  const narrowed = readNarrowed({ ...useSearch({ from: "/shell/settings/api-keys" }) });
  const navigate = useNavigate();
  const narrow = (search: Narrowed) => void navigate({ to: "/settings/api-keys", search, replace: true });
  const { which = "working", q = "" } = narrowed;
  const [creating, setCreating] = useState(false);
  const [open, setOpen] = useState<ApiKey>();
  const query = useInfiniteQuery(apiKeys(narrowed));
  const create = writes && (
    <Button look="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      {t("apikeys.create")}
    </Button>
  );
  return (
    <Section
      id="apikeys"
      wide
      actions={
        <>
          <ExportButton name="api-keys" load={() => apiKeysFile(narrowed)} />
          {create}
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <Segments<Which>
          label={t("apikeys.which")}
          value={which}
          onChange={(next) => narrow({ ...narrowed, which: next === "revoked" ? next : undefined })}
          options={[
            { value: "working", label: t("apikeys.notRevoked") },
            { value: "revoked", label: t("apikeys.states.revoked") },
          ]}
        />
        <SearchBox
          label={t("apikeys.search")}
          value={q}
          onChange={(next) => narrow({ ...narrowed, q: next || undefined })}
        />
      </div>
      <Panel bare label={t("settings.sections.apikeys.title")}>
        <Listed
          query={query}
          onClear={q ? () => narrow({ ...narrowed, q: undefined }) : undefined}
          empty={
            which === "revoked" ? (
              <Empty title={t("apikeys.noneRevoked")} />
            ) : (
              <Empty title={t("apikeys.emptyTitle")} actions={create}>
                {t("apikeys.emptyText")}
              </Empty>
            )
          }
        >
          {(items) => (
            <ul className="divide-y divide-line">
              {items.map((key) => (
                <Row key={key.id} item={key} onOpen={() => setOpen(key)} />
              ))}
            </ul>
          )}
        </Listed>
      </Panel>
      <CreateKey open={creating} onClose={() => setCreating(false)} />
      {open && <KeyDialog item={open} onClose={() => setOpen(undefined)} />}
    </Section>
  );
}

function Row({ item, onOpen }: { item: ApiKey; onOpen: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex min-h-[57px] w-full flex-wrap items-center gap-x-4 gap-y-1 px-[18px] py-2.5 text-start hover:bg-hover max-md:px-4"
      >
        <span
          aria-hidden="true"
          className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
        >
          <KeyRound />
        </span>
        <span className="min-w-0 flex-1 basis-48">
          <b className="block text-[14px] leading-[1.3] font-[590]">
            <Own title={item.name}>{item.name}</Own>
          </b>
          <span className="block truncate text-[12.5px] text-muted">
            <code className="font-mono text-[12px]" dir="ltr">
              {item.hint}…
            </code>
            {" · "}
            {t("apikeys.scopes", { count: Object.keys(item.scopes).length })}
          </span>
        </span>
        <span className="text-[12.5px] text-muted">
          {item.last_used_at ? (
            <time dateTime={item.last_used_at} title={formats.full(item.last_used_at)}>
              {t("apikeys.used", { when: formats.ago(item.last_used_at) })}
            </time>
          ) : (
            t("apikeys.neverUsed")
          )}
        </span>
        <KeyState item={item} />
      </button>
    </li>
  );
}

const LOOK: Record<State, { tone: "success" | "warning" | "danger" | "neutral"; icon: typeof KeyRound }> = {
  working: { tone: "success", icon: CircleCheck },
  ending: { tone: "warning", icon: ClockAlert },
  expired: { tone: "danger", icon: ClockAlert },
  revoked: { tone: "neutral", icon: CircleSlash },
};

export function KeyState({ item }: { item: ApiKey }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const state = stateOf(item);
  const { tone, icon: Icon } = LOOK[state];
  const when = item.expires_at && (state === "ending" || state === "expired") ? formats.ago(item.expires_at) : "";
  return (
    <Chip tone={tone}>
      <Icon aria-hidden="true" />
      {state === "ending" ? t("apikeys.ends", { when }) : t(`apikeys.states.${state}`)}
    </Chip>
  );
}
