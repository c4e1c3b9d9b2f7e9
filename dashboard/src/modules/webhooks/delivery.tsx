import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Code } from "@/ui/code";
import { Failed, SkeletonRows } from "@/ui/states";
import { body, type Delivery } from "./data";
import { explain } from "./explain";

/** One call: why it failed, what was sent, what came back. */
export function Detail({ row, onReplay, replaying }: { row: Delivery; onReplay?: () => void; replaying: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("messaging.webhooks.write");
  const why = explain(row, t);
  const facts: [string, ReactNode][] = [
    [t("webhooks.attempts"), t("webhooks.attemptsOf", { count: row.attempts })],
    ...(row.last_attempt_at ? fact(t("webhooks.lastAttempt"), formats.full(row.last_attempt_at)) : []),
    ...(row.state === "waiting" && row.next_at ? fact(t("webhooks.next"), formats.full(row.next_at)) : []),
    ...(row.duration_ms != null ? fact(t("webhooks.took"), `${formats.count(row.duration_ms)} ms`) : []),
    ...fact(
      t("webhooks.id"),
      <code className="font-mono text-[12px] break-all" dir="ltr">
        {row.id}
      </code>,
    ),
  ];
  return (
    <div className="flex flex-col gap-3.5 px-[18px] pt-1 pb-4 max-md:px-4">
      {why && (
        <p className="rounded-[12px] bg-danger-soft px-3.5 py-2.5 text-sm">
          {why}
          {row.error && (
            <bdi lang="en" className="mt-0.5 block font-mono text-[12px] text-ink-2">
              {row.error}
            </bdi>
          )}
        </p>
      )}
      <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
      {row.response_excerpt && (
        <div>
          <h4 className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("webhooks.response")}</h4>
          <Code text={row.response_excerpt} label={t("webhooks.response")} wrap />
        </div>
      )}
      {writes && <Sent id={row.id} />}
      {onReplay && (
        <Button writes size="small" icon={<RotateCcw />} busy={replaying} onClick={onReplay} className="self-start">
          {t("webhooks.replay")}
        </Button>
      )}
    </div>
  );
}

const fact = (name: string, value: ReactNode): [string, ReactNode][] => [[name, value]];

/** It may hold personal data, so only who may send it may read it. */
function Sent({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery(body(id));
  return (
    <div>
      <h4 className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("webhooks.body")}</h4>
      {query.data ? (
        <Code text={JSON.stringify(query.data.payload, null, 2)} label={t("webhooks.body")} />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={2} />
      )}
    </div>
  );
}
