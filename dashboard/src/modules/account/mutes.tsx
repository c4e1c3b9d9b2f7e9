import { useQuery } from "@tanstack/react-query";
import { BellOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { type Mute, mutes, nameOf, useMute, useUnmute, wordOfRecord } from "@/modules/notifications/mutes";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Failed, Skeleton, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";

/** Records and kinds of news that one hears nothing more of. */
export function Mutes() {
  const { t } = useTranslation();
  const query = useQuery(mutes);
  return (
    <Panel title={t("account.mutes")} note={t("account.mutesNote")} flush>
      {query.isPending ? (
        <SkeletonRows rows={1} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data?.length ? (
        <ul className="divide-y divide-line">
          {query.data.map((mute) => (
            <Row key={mute.id} mute={mute} />
          ))}
        </ul>
      ) : (
        <p className="px-[18px] pt-1 pb-[18px] text-sm text-ink-2 max-md:px-4">{t("account.mutesNone")}</p>
      )}
    </Panel>
  );
}

function Row({ mute }: { mute: Mute }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const again = useMute();
  const unmute = useUnmute();
  const { id, kind, record } = mute;
  // The row is gone when the answer comes.
  const failed = (error: unknown) => sayError(t("error.notSaved"), sayThrown(error));
  const take = () =>
    void unmute
      .mutateAsync(id)
      .then(() => {
        const undo = () => void again.mutateAsync(record ? { record } : { kind }).catch(failed);
        say(t("account.unmuted"), { undo });
      })
      .catch(failed);
  const key = `notifications.kind.${kind?.replace(".", "_")}`;
  const word = wordOfRecord(record);
  return (
    <li className="flex min-h-[52px] items-center gap-3 px-[18px] py-2 max-md:px-4">
      <BellOff aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[13.5px]" dir="auto">
          {record ? <Named record={record} /> : i18n.exists(key) ? t(key as "notifications.kind.task_reminder") : kind}
        </span>
        <span className="block text-[12.5px] text-muted">
          {word ? t(`account.muted.${word}`) : t("account.muted.kind")}
          {" · "}
          <time dateTime={mute.created_at} title={formats.full(mute.created_at)}>
            {formats.ago(mute.created_at)}
          </time>
        </span>
      </span>
      <Button writes size="small" busy={unmute.isPending} onClick={take}>
        {t("account.unmute")}
      </Button>
    </li>
  );
}

/** What the record is called now. */
function Named({ record }: { record: string }) {
  const { t } = useTranslation();
  const query = useQuery(nameOf(record));
  if (query.isPending) return <Skeleton className="h-4 w-40" />;
  return query.data ?? <span className="text-muted">{t("account.mutedGone")}</span>;
}
