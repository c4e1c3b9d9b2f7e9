import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Mail, mail, type State, type Template, useRetry } from "./data";

/** One mail: what it is, to whom, and everything that is known about its way. */
export function MailDialog({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={id !== undefined} onClose={onClose} title={t("mails.one")}>
      {id && <Body id={id} onClose={onClose} />}
    </Dialog>
  );
}

function Body({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuery(mail(id));
  const may = useMay("notifications.mails.retry");
  const retry = useRetry();
  if (query.isPending) return <SkeletonRows rows={5} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <Facts mail={query.data} />
      <footer className="mt-4 flex justify-end gap-2">
        {query.data.state === "failed" && may && (
          <Button writes icon={<RotateCw />} busy={retry.isPending} onClick={() => retry.mutate(id)}>
            {t("mails.retry")}
          </Button>
        )}
        <Button onClick={onClose}>{t("action.close")}</Button>
      </footer>
    </>
  );
}

function Facts({ mail: one }: { mail: Mail }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const known = i18n.exists(`mails.templates.${one.template}`);
  const moment = (at: string) => (
    <time dateTime={at} className="num">
      {formats.full(at)}
    </time>
  );
  const facts: [string, ReactNode][] = [
    [t("mails.state"), t(`mails.states.${one.state as State}`)],
    [t("mails.subject"), one.subject ? <bdi>{one.subject}</bdi> : t("mails.subjectLater")],
    [t("mails.about"), known ? t(`mails.templates.${one.template as Template}`) : one.template],
    [
      t("mails.to"),
      one.recipient ? <bdi>{one.recipient}</bdi> : t(one.state === "sent" ? "mails.erased" : "mails.notYet"),
    ],
    [t("mails.queuedAt"), moment(one.created_at)],
    [t("mails.tries"), formats.count(one.attempts)],
    ...(one.sent_at ? [[t("mails.sentAt"), moment(one.sent_at)] as [string, ReactNode]] : []),
    ...(one.state === "queued" ? [[t("mails.nextAt"), moment(one.next_at)] as [string, ReactNode]] : []),
    ...(one.last_error
      ? [
          [
            t("mails.serverSaid"),
            <bdi key="said" lang="en">
              {one.last_error}
            </bdi>,
          ] as [string, ReactNode],
        ]
      : []),
    [
      t("mails.id"),
      <code key="id" dir="ltr" className="font-mono text-[12px]">
        {one.id}
      </code>,
    ],
  ];
  return (
    <dl className="text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="grid grid-cols-[120px_minmax(0,1fr)] gap-3 border-line border-b py-2 last:border-0">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
