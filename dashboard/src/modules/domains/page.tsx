import { useQuery } from "@tanstack/react-query";
import { Link2, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMay, useRoom } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Confirm } from "@/ui/confirm";
import { CopyButton } from "@/ui/copy";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { Section } from "../settings/section";
import { AddDomain } from "./add";
import {
  type DomainState,
  domains,
  type OwnDomain,
  RESULT_TONE,
  type RecordResult,
  STATE_TONE,
  useLook,
  useMakePrimary,
  useRemove,
} from "./data";

export function OwnDomainsPage() {
  const { t } = useTranslation();
  const writes = useRoom("tenants.write");
  const [adding, setAdding] = useState(false);
  const query = useQuery(domains);
  const add = writes && (
    <Button writes look="primary" icon={<Plus />} onClick={() => setAdding(true)}>
      {t("domains.add")}
    </Button>
  );
  return (
    <Section id="ownDomains" wide actions={add}>
      {query.data?.map((domain) => (
        <Domain key={domain.id} domain={domain} />
      ))}
      {!query.data?.length && (
        <Panel bare label={t("settings.sections.ownDomains.title")}>
          {query.data ? (
            <Empty title={t("domains.emptyTitle")} actions={add}>
              {t("domains.emptyText")}
            </Empty>
          ) : query.isError ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows rows={3} tall />
          )}
        </Panel>
      )}
      <AddDomain open={adding} onClose={() => setAdding(false)} />
    </Section>
  );
}

function Domain({ domain }: { domain: OwnDomain }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("tenants.write");
  const [look, choose, remove] = [useLook(), useMakePrimary(), useRemove()];
  const [going, setGoing] = useState(false);
  const { host, primary, records, looked_at, next_look_at } = domain;
  const state = domain.state as DomainState;
  return (
    <Panel label={host}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3 className="min-w-0 flex-1 basis-60 truncate font-[570]" dir="ltr" title={host}>
          {state === "active" ? (
            <a href={domain.url} rel="noreferrer" target="_blank" aria-label={t("domains.open", { host })}>
              {host}
            </a>
          ) : (
            host
          )}
        </h3>
        {primary && <Chip>{t("domains.primary")}</Chip>}
        <span role="status">
          <Chip tone={STATE_TONE[state]}>{t(`domains.state.${state}`)}</Chip>
        </span>
      </header>
      <p className="mt-1.5 text-sm text-muted">{t(`domains.stateText.${state}`)}</p>
      <ul className="mt-3 divide-y divide-line border-line border-y">
        {records.map((record) => (
          <Dns key={`${record.kind}${record.value}`} record={record} />
        ))}
      </ul>
      <footer className="mt-3 flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 basis-48 text-[12.5px] text-muted">
          {looked_at && t("domains.looked", { when: formats.ago(looked_at) })}
          {looked_at && next_look_at && ` · ${t("domains.next")}`}
        </span>
        {writes && state === "active" && !primary && (
          <Button writes icon={<Link2 />} busy={choose.isPending} onClick={() => choose.mutate(domain)}>
            {t("domains.makePrimary")}
          </Button>
        )}
        {writes && (
          <Button icon={<RefreshCw />} busy={look.isPending} onClick={() => look.mutate(domain)}>
            {t("domains.look")}
          </Button>
        )}
        {writes && (
          <IconButton label={`${t("action.remove")}: ${host}`} onClick={() => setGoing(true)}>
            <Trash2 />
          </IconButton>
        )}
      </footer>
      <Confirm
        open={going}
        onClose={() => setGoing(false)}
        title={t("domains.remove", { host })}
        lead={t("domains.removeText")}
        action={t("action.remove")}
        typed={state === "active" ? host : undefined}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(domain, { onSuccess: () => setGoing(false) })}
      />
    </Panel>
  );
}

/** A record as the form of a name server asks for it, each part with its own button. */
function Dns({ record: { kind, name, value, result, found } }: { record: Schema["DnsRecord"] }) {
  const { t } = useTranslation();
  return (
    <li className="py-2.5">
      <p className="flex flex-wrap items-center gap-2 text-[13px] font-[520]">
        <span>{t("domains.record", { kind })}</span>
        <Chip tone={RESULT_TONE[result as RecordResult]}>{t(`domains.result.${result as RecordResult}`)}</Chip>
      </p>
      <dl className="mt-1 grid gap-x-5 md:grid-cols-2">
        {[
          { label: t("domains.name"), text: name },
          { label: t("domains.value"), text: value },
        ].map(({ label, text }) => (
          <div key={label} className="flex min-h-11 min-w-0 items-center gap-2">
            <dt className="w-14 shrink-0 text-[12.5px] text-muted">{label}</dt>
            <dd className="flex min-w-0 flex-1 items-center gap-1">
              <code className="min-w-0 flex-1 break-all font-mono text-[12.5px]" dir="ltr">
                {text}
              </code>
              <CopyButton text={text} what={label} />
            </dd>
          </div>
        ))}
      </dl>
      {found.length > 0 && (
        <p className="break-all text-[12.5px] text-danger-text">
          {t("domains.foundInstead", { what: found.join(", ") })}
        </p>
      )}
    </li>
  );
}
