import { useInfiniteQuery } from "@tanstack/react-query";
import { CirclePause, Pause, Play, Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Own } from "@/ui/own";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say } from "@/ui/toast";
import { useFollowUpChanges } from "../changes";
import { type Enrolment, enrolments, type Sequence } from "../data";

const SHOWN = { going: ["active", "paused"], ended: ["finished", "stopped"] } as const;
type Shown = keyof typeof SHOWN;

/** Who goes through a sequence and how far they are; each can be held back, let go on, or taken out. */
export function Runs({ sequence, onClose }: { sequence: Sequence | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      wide
      open={sequence !== undefined}
      onClose={onClose}
      title={t("followups.runs.title", { name: sequence?.name ?? "" })}
    >
      {sequence && <List id={sequence.id} />}
    </Dialog>
  );
}

function List({ id }: { id: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>("going");
  const query = useInfiniteQuery(enrolments(id, [...SHOWN[shown]]));
  return (
    <div className="flex flex-col gap-3">
      <Segments<Shown>
        label={t("followups.runs.show")}
        value={shown}
        onChange={setShown}
        options={[
          { value: "going", label: t("followups.runs.going") },
          { value: "ended", label: t("followups.runs.ended") },
        ]}
      />
      <div className="-mx-5 max-h-[60dvh] min-h-40 overflow-y-auto border-line border-t">
        <Listed query={query} empty={<Empty title={t("followups.runs.none")} />}>
          {(items) => (
            <ul className="divide-y divide-line">
              {items.map((one) => (
                <Run key={one.id} one={one} />
              ))}
            </ul>
          )}
        </Listed>
      </div>
    </div>
  );
}

function Run({ one }: { one: Enrolment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("followups.write");
  const { hold, goOn, leave } = useFollowUpChanges();
  const { contact, contact_name: name, status } = one;
  const going = status === "active" || status === "paused";
  const at = one.ended_at ?? one.started_at;
  return (
    <li className="flex min-h-14 items-center gap-3 px-5 py-2">
      <Avatar name={name} id={contact} size="sm" />
      <span className="min-w-0 flex-1">
        <PlainLink to="/contacts/$id" params={{ id: contact }} className="flex text-sm font-[570] hover:underline">
          <Own title={name}>{name}</Own>
        </PlainLink>
        <span className="block text-[12.5px] text-muted">
          {t("followups.runs.far", { done: formats.count(one.steps_done), of: formats.count(one.steps) })}
          {" · "}
          {one.reason ? t(`followups.ended.${one.reason}`) : t(`followups.runs.status.${status}`)}
          {" · "}
          <time dateTime={at} title={formats.full(at)}>
            {formats.when(at)}
          </time>
        </span>
      </span>
      {status === "paused" && (
        <Chip tone="sun">
          <CirclePause aria-hidden="true" />
          {t("followups.held")}
        </Chip>
      )}
      {writes && going && (
        <span className="flex shrink-0">
          {status === "active" ? (
            <IconButton writes small label={t("followups.runs.hold", { name })} onClick={() => hold.mutate(one)}>
              <Pause />
            </IconButton>
          ) : (
            <IconButton writes small label={t("followups.runs.goOn", { name })} onClick={() => goOn.mutate(one)}>
              <Play className="rtl:-scale-x-100" />
            </IconButton>
          )}
          <IconButton
            writes
            small
            label={t("followups.runs.takeOut", { name })}
            onClick={() => leave.mutate(one.id, { onSuccess: () => say(t("followups.said.out", { name })) })}
          >
            <Square />
          </IconButton>
        </span>
      )}
    </li>
  );
}
