import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, ShieldAlert, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { IconButton } from "@/ui/button";
import { bytes } from "@/ui/bytes";
import { Chip } from "@/ui/chip";
import { Confirm } from "@/ui/confirm";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { Section } from "./section";
import { BAR, levelOf, storage } from "./usage";

type File = Schema["File"];

/** What the account's files take, by what they belong to, and which of them the virus scanner holds back. */
export function StoragePage() {
  const { t } = useTranslation();
  const query = useQuery(storage);
  return (
    <Section id="storage">
      <Panel title={t("settings.storage.used")} label={t("settings.storage.used")}>
        {query.data ? (
          <Used storage={query.data} />
        ) : query.isError ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonRows rows={3} />
        )}
      </Panel>
      <HeldBack />
    </Section>
  );
}

function Used({ storage: { bytes: used, files, most_bytes: most, kinds } }: { storage: Schema["Storage"] }) {
  const { t, i18n } = useTranslation();
  const { locale } = useFormats();
  const size = (n: number) => bytes(n, locale);
  const label = (kind: string) =>
    i18n.exists(`settings.storage.kinds.${kind}`)
      ? t(`settings.storage.kinds.${kind}` as "settings.storage.kinds.waiting")
      : kind;
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <b className="num wide text-[22px] font-[590]">{size(used)}</b>
        <span className="num text-sm text-muted">
          {typeof most === "number"
            ? t("settings.storage.of", { most: size(most) })
            : t("settings.storage.files", { count: files })}
        </span>
      </p>
      {typeof most === "number" && (
        // biome-ignore lint/a11y/useSemanticElements: browsers draw their own meter
        <div
          role="meter"
          aria-label={t("settings.storage.used")}
          aria-valuemin={0}
          aria-valuemax={most}
          aria-valuenow={Math.min(used, most)}
          aria-valuetext={`${size(used)} / ${size(most)}`}
          className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken ring-1 ring-line"
        >
          <span
            className={`block h-full rounded-full ${BAR[levelOf(used, most)]}`}
            style={{ width: `${Math.min(100, (used / Math.max(1, most)) * 100)}%` }}
          />
        </div>
      )}
      {kinds.length > 0 && (
        <ul className="mt-3 divide-y divide-line border-line border-t">
          {kinds.map((kind) => (
            <li key={kind.kind} className="flex min-h-11 items-center gap-3 text-sm">
              <span className="min-w-0 flex-1">{label(kind.kind)}</span>
              <span className="num text-muted">{t("settings.storage.files", { count: kind.files })}</span>
              <span className="num min-w-20 text-end">{size(kind.bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const HELD = ["settings", "held"];

/** Uploads that nobody gets: what the scanner found, and what it gave no answer about. */
function HeldBack() {
  const { t } = useTranslation();
  const reads = useMay("files.read");
  const query = useQuery({
    queryKey: HELD,
    queryFn: ({ signal }) =>
      ok(api.GET("/v1/files", { params: { query: { filter: ["scan:in:pending,infected,failed"] } }, signal })),
    enabled: reads,
  });
  if (!reads) return null;
  return (
    <Panel title={t("settings.storage.held")} label={t("settings.storage.held")} flush>
      {!query.data ? (
        query.isError ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonRows rows={1} tall />
        )
      ) : query.data.items.length === 0 ? (
        <Empty title={t("settings.storage.none")}>{t("settings.storage.noneText")}</Empty>
      ) : (
        <ul className="divide-y divide-line">
          {query.data.items.map((file) => (
            <Held key={file.id} file={file} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Held({ file }: { file: File }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const writes = useMay("files.write");
  const params = { path: { id: file.id } };
  const [asking, setAsking] = useState(false);
  const run = async (what: Promise<unknown>, said: string) => {
    try {
      await what;
      say(said);
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    }
    void cache.invalidateQueries({ queryKey: HELD });
    void cache.invalidateQueries({ queryKey: storage.queryKey });
  };
  const scan = file.scan ?? "pending";
  return (
    <li className="flex min-h-14 items-center gap-3 px-[18px] py-2 max-md:px-4">
      <ShieldAlert aria-hidden="true" className="size-[18px] shrink-0 text-muted" />
      <span className="min-w-0 flex-1 text-sm">
        <bdi className="block truncate font-[560]">{file.name}</bdi>
        <span className="num block truncate text-cap text-muted">
          {bytes(file.size, formats.locale)} · {formats.when(file.created_at)}
          {file.verdict && <> · {file.verdict}</>}
        </span>
      </span>
      <Chip tone={scan === "infected" ? "danger" : "warning"}>{t(`settings.storage.scan.${scan as "failed"}`)}</Chip>
      {writes && scan === "failed" && (
        <IconButton
          small
          writes
          label={t("settings.storage.again", { name: file.name })}
          onClick={() =>
            void run(ok(api.POST("/v1/files/{id}/scans", { params })), t("settings.storage.asked", { name: file.name }))
          }
        >
          <RotateCcw />
        </IconButton>
      )}
      {writes && scan !== "pending" && (
        <IconButton
          small
          writes
          label={t("settings.storage.remove", { name: file.name })}
          onClick={() => setAsking(true)}
        >
          <Trash2 />
        </IconButton>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("settings.storage.removeTitle", { name: file.name })}
        lead={t("settings.storage.removeText")}
        action={t("action.remove")}
        icon={<Trash2 />}
        onConfirm={() => {
          setAsking(false);
          void run(ok(api.DELETE("/v1/files/{id}", { params })), t("settings.storage.removed", { name: file.name }));
        }}
      />
    </li>
  );
}
