/** Rows of pairs and of merges, of contacts and of companies alike. */
import type { UseMutationResult } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ButtonLink, PlainLink } from "@/ui/link";
import { say } from "@/ui/toast";
import { useMembers } from "../contacts/data";
import { SURE, type useUndo } from "./data";
import { percent } from "./parts";

export type Kind = "contacts" | "companies";

/** One of two, with what tells it from the other. */
export interface Side {
  id: string;
  name: string;
  more: readonly (string | null | undefined)[];
}

/** How sure it is. */
export function Sure({ confidence }: { confidence: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Chip tone={confidence >= SURE ? "success" : confidence >= 70 ? "accent" : "neutral"}>
      {t("duplicates.sure", { percent: percent(confidence, formats) })}
    </Chip>
  );
}

/** Says that a pair is none, with the way back, or asks about it again. */
export function useTurn<P extends { state: "open" | "dismissed" }>(
  decide: UseMutationResult<P, Error, { pair: P; state: "open" | "dismissed" }>,
  pair: P,
) {
  const { t } = useTranslation();
  const open = pair.state === "open";
  const turn = () =>
    decide.mutate(
      { pair, state: open ? "dismissed" : "open" },
      {
        onSuccess: (fresh) =>
          open && say(t("duplicates.noneSaid"), { undo: () => decide.mutate({ pair: fresh, state: "open" }) }),
      },
    );
  return { turn, busy: decide.isPending };
}

export function PairRow(props: {
  kind: Kind;
  one: Side;
  other: Side;
  open: boolean;
  confidence: number;
  reasons: readonly string[];
  writes: boolean;
  busy: boolean;
  onTurn: () => void;
}) {
  const { t } = useTranslation();
  const { kind, one, other, open, confidence } = props;
  const names = { one: one.name, other: other.name };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2.5 px-[18px] py-3 max-md:grid-cols-1 max-md:px-4">
      <div className="grid grid-cols-2 gap-x-4 gap-y-2 max-md:grid-cols-1">
        <SideLink kind={kind} of={one} />
        <SideLink kind={kind} of={other} />
      </div>
      {props.writes && (
        <div className="flex gap-2 max-md:order-last md:row-span-2">
          <Button
            writes
            size="small"
            look="ghost"
            busy={props.busy}
            aria-label={open ? t("duplicates.noneOf", names) : undefined}
            onClick={props.onTurn}
          >
            {t(open ? "duplicates.none" : "duplicates.again")}
          </Button>
          <ButtonLink
            size="small"
            to={kind === "contacts" ? "/contacts/merge" : "/companies/merge"}
            search={{ ids: [one.id, other.id] }}
            aria-label={t("duplicates.compareOf", names)}
          >
            {t("duplicates.compare")}
          </ButtonLink>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-1.5">
        <Sure confidence={confidence} />
        {props.reasons.map((reason) => (
          <Chip key={reason}>{reason}</Chip>
        ))}
      </div>
    </li>
  );
}

export function SideLink({ kind, of }: { kind: Kind; of: Side }) {
  return (
    <PlainLink
      to={kind === "contacts" ? "/contacts/$id" : "/companies/$id"}
      params={{ id: of.id }}
      className="flex min-h-11 min-w-0 items-center gap-2.5 rounded-control hover:bg-hover"
    >
      <Avatar name={of.name} id={of.id} size="sm" square={kind === "companies"} />
      <span className="min-w-0">
        <b className="block truncate text-[14px] leading-[1.35] font-[590]">
          <bdi>{of.name}</bdi>
        </b>
        <span className="block truncate text-[12.5px] text-muted">
          <bdi>{of.more.filter(Boolean).join(" · ")}</bdi>
        </span>
      </span>
    </PlainLink>
  );
}

/** A merge, with the way back. */
export function Past(props: {
  kind: Kind;
  merge: Omit<Schema["ContactMerge"], "merged"> & { merged: readonly { name: string }[] };
  writes: boolean;
  undo: ReturnType<typeof useUndo>;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const { kind, merge, undo } = props;
  const who = merge.actor_kind === "system" ? t("duplicates.bySystem") : merge.actor && members.get(merge.actor);
  const names = formats.list(merge.merged.map(({ name }) => name));
  return (
    <li className="flex min-h-[57px] flex-wrap items-center gap-x-4 gap-y-1.5 px-[18px] py-2.5 max-md:px-4">
      <PlainLink
        to={kind === "contacts" ? "/contacts/$id" : "/companies/$id"}
        params={{ id: merge.kept }}
        className="flex min-h-11 min-w-0 flex-1 basis-52 flex-col justify-center hover:underline"
      >
        <b className="block truncate text-[14px] leading-[1.35] font-[590]">
          {t("duplicates.into", { merged: names, kept: merge.kept_name })}
        </b>
        <span className="block text-[12.5px] text-muted">
          {[formats.when(merge.created_at), who, t("duplicates.moved", { count: merge.moved })]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </PlainLink>
      {merge.state === "undone" ? (
        <Chip>{t("duplicates.wasUndone")}</Chip>
      ) : (
        props.writes &&
        merge.can_undo && (
          <Button
            writes
            size="small"
            icon={<Undo2 />}
            busy={undo.isPending}
            onClick={() => undo.mutate({ id: merge.id })}
          >
            {t("duplicates.undo")}
          </Button>
        )
      )}
    </li>
  );
}
