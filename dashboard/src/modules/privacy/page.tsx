import { useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { ChevronDown, Download, Eraser, FileDown, Plus } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay, useRoom } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { Link } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { contact } from "../contacts/data";
import { Section } from "../settings/section";
import {
  type DataRequest,
  fetchable,
  filterOf,
  type Kind,
  type Narrowed,
  requests,
  type State,
  useDocument,
} from "./data";
import { NewRequest } from "./new-request";
import { Progress, RequestState } from "./progress";
import { RetentionPanel } from "./retention";

const STATES: readonly State[] = ["queued", "done", "refused", "failed"];

export function PrivacyPage() {
  const { t } = useTranslation();
  const [asks, finds] = [useRoom("privacy.requests.write"), useRoom("contacts.read")];
  const [narrowed, setNarrowed] = useState<Narrowed>({});
  const [asking, setAsking] = useState(false);
  const query = useInfiniteQuery({
    ...requests(narrowed),
    refetchInterval: ({ state }) => (rowsOf(state.data).some((row) => row.state === "queued") ? 1_500 : false),
  });
  const add = asks && finds && (
    <Button look="primary" icon={<Plus />} onClick={() => setAsking(true)}>
      {t("privacy.new")}
    </Button>
  );
  return (
    <Section
      id="privacy"
      wide
      actions={
        <>
          <ExportButton
            name="data-requests"
            load={() => {
              const query = { filter: filterOf(narrowed) };
              return ok(api.GET("/v1/data-requests/export", { params: { query }, parseAs: "blob" }));
            }}
          />
          {add}
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <Segments<Kind | "all">
          label={t("privacy.kind")}
          value={narrowed.kind ?? "all"}
          onChange={(kind) => setNarrowed({ ...narrowed, kind: kind === "all" ? undefined : kind })}
          options={[
            { value: "all", label: t("privacy.all") },
            { value: "export", label: t("privacy.kinds.export") },
            { value: "erasure", label: t("privacy.kinds.erasure") },
          ]}
        />
        <Filter
          label={t("privacy.state")}
          value={narrowed.state}
          choices={STATES.map((value) => ({ value, label: t(`privacy.states.${value}`) }))}
          onChange={(state) => setNarrowed({ ...narrowed, state: state as State | undefined })}
        />
      </div>
      <Panel bare label={t("settings.sections.privacy.title")}>
        <Listed
          query={query}
          onClear={narrowed.kind || narrowed.state ? () => setNarrowed({}) : undefined}
          empty={
            <Empty title={t("privacy.emptyTitle")} actions={add}>
              {t("privacy.emptyText")}
            </Empty>
          }
        >
          {(items) => <Rows items={items} />}
        </Listed>
      </Panel>
      <RetentionPanel />
      {asking && <NewRequest onClose={() => setAsking(false)} />}
    </Section>
  );
}

/** Names of those who are still there; an erased person has none. */
function useNames(items: readonly DataRequest[]): Map<string, string> {
  const reads = useMay("contacts.read");
  const erased = new Set(
    items.filter(({ kind, state }) => kind === "erasure" && state === "done").map((i) => i.contact),
  );
  const ids = [...new Set(items.map((item) => item.contact))].filter((id) => !erased.has(id));
  const found = useQueries({
    queries: ids.map((id) => ({ ...contact(id), enabled: reads, retry: false, staleTime: 60_000 })),
  });
  return new Map(ids.flatMap((id, at) => (found[at]?.data ? [[id, found[at].data.display_name] as const] : [])));
}

function Rows({ items }: { items: readonly DataRequest[] }) {
  const names = useNames(items);
  return (
    <ul className="divide-y divide-line">
      {items.map((item) => (
        <Row key={item.id} item={item} name={names.get(item.contact)} />
      ))}
    </ul>
  );
}

function Row({ item, name }: { item: DataRequest; name?: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("privacy.requests.write");
  const document = useDocument();
  const [open, setOpen] = useState(false);
  const id = useId();
  const kind = item.kind as Kind;
  return (
    <li>
      <div className="flex min-h-[57px] flex-wrap items-center gap-x-3 px-[18px] hover:bg-hover max-md:px-4">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex min-h-[57px] min-w-0 flex-1 basis-52 items-center gap-3 py-2 text-start"
        >
          <span
            aria-hidden="true"
            className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
          >
            {kind === "export" ? <FileDown /> : <Eraser />}
          </span>
          <span className="min-w-0 flex-1">
            <b className="block text-[14px] leading-[1.3] font-[590]">
              {name ? <Own title={name}>{name}</Own> : t("privacy.nobody")}
            </b>
            <span className="block text-[12.5px] text-muted">
              {t(`privacy.kinds.${kind}`)}
              {" · "}
              <time dateTime={item.created_at} title={formats.full(item.created_at)}>
                {formats.when(item.created_at)}
              </time>
            </span>
          </span>
          <RequestState request={item} />
          <ChevronDown
            aria-hidden="true"
            className={`size-4 shrink-0 text-muted transition-transform duration-160 ${open ? "rotate-180" : ""}`}
          />
        </button>
        {writes && fetchable(item) && (
          <Button
            size="small"
            icon={<Download />}
            busy={document.isPending}
            onClick={() => document.mutate(item)}
            className="max-sm:mb-2.5"
          >
            {t("privacy.download")}
          </Button>
        )}
      </div>
      <div id={id} hidden={!open} className="px-[18px] pb-4 max-md:px-4">
        {open && (
          <>
            <Progress request={item} />
            <dl className="mt-3 grid grid-cols-[96px_minmax(0,1fr)] gap-y-1.5 text-sm">
              {item.reason && (
                <>
                  <dt className="text-muted">{t("privacy.reason")}</dt>
                  <dd className="break-words">
                    <bdi>{item.reason}</bdi>
                  </dd>
                </>
              )}
              <dt className="text-muted">{t("privacy.person")}</dt>
              <dd className="min-w-0 truncate">
                {name ? (
                  <Link to="/contacts/$id" params={{ id: item.contact }}>
                    {name}
                  </Link>
                ) : (
                  <code className="font-mono text-[12px]" dir="ltr">
                    {item.contact}
                  </code>
                )}
              </dd>
              {item.finished_at && (
                <>
                  <dt className="text-muted">{t("privacy.finished")}</dt>
                  <dd>{formats.full(item.finished_at)}</dd>
                </>
              )}
            </dl>
          </>
        )}
      </div>
    </li>
  );
}
