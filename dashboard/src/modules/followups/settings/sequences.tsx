import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say } from "@/ui/toast";
import { type Sequence, sequences } from "../data";
import { Path } from "./path";
import { useSentences } from "./sentence";

const Runs = lazy(async () => ({ default: (await import("./runs")).Runs }));
const SequenceDialog = lazy(async () => ({ default: (await import("./sequence-dialog")).SequenceDialog }));

/** Where contacts in a sequence are no longer counted. */
const MOST = 1000;

/** Sequences, each with its steps as bodies along a path. */
export function Sequences() {
  const { t } = useTranslation();
  const writes = useMe()?.grants["followups.write"] === "all";
  const query = useQuery(sequences);
  const [editing, setEditing] = useState<Sequence | "new">();
  const [going, setGoing] = useState<Sequence>();
  const [seen, setSeen] = useState<Sequence>();
  return (
    <Panel
      bare
      title={t("followups.sequences.title")}
      more={
        writes && (
          <Button writes size="small" icon={<Plus />} onClick={() => setEditing("new")}>
            {t("followups.sequences.add")}
          </Button>
        )
      }
    >
      <p className="px-4 pb-2 text-[12.5px] text-muted md:px-[18px]">{t("followups.sequences.lead")}</p>
      {query.isPending ? (
        <SkeletonRows rows={2} tall />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <Empty title={t("followups.sequences.empty")} />
      ) : (
        <ul className="divide-y divide-line">
          {query.data.map((one) => (
            <Row
              key={one.id}
              one={one}
              writes={writes}
              onSee={() => setSeen(one)}
              onEdit={() => setEditing(one)}
              onRemove={() => setGoing(one)}
            />
          ))}
        </ul>
      )}
      <Opened open={editing !== undefined}>
        <SequenceDialog sequence={editing} onClose={() => setEditing(undefined)} />
      </Opened>
      <Opened open={seen !== undefined}>
        <Runs sequence={seen} onClose={() => setSeen(undefined)} />
      </Opened>
      {going && <Removal sequence={going} onClose={() => setGoing(undefined)} />}
    </Panel>
  );
}

function Row(props: { one: Sequence; writes: boolean; onSee: () => void; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const sentences = useSentences();
  const { one, writes } = props;
  const { name } = one;
  return (
    <li className="px-[18px] py-3 max-md:px-4">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="text-sm font-[590]">
            <bdi>{name}</bdi>
          </p>
          <p className="mt-0.5 text-[12.5px] text-muted">
            <button
              type="button"
              onClick={props.onSee}
              className="relative text-accent-text after:absolute after:-inset-y-2 after:inset-x-0 hover:underline coarse:after:-inset-y-3.5"
            >
              {one.running >= MOST
                ? t("followups.sequences.crowd", { most: formats.count(MOST) })
                : one.running > 0
                  ? t("followups.sequences.running", { count: one.running })
                  : t("followups.sequences.nobody")}
            </button>
            {" · "}
            {sentences.unless(one)}
          </p>
        </div>
        {writes && (
          <span className="flex shrink-0 gap-1">
            <IconButton small label={t("followups.rules.edit", { name })} onClick={props.onEdit}>
              <Pencil />
            </IconButton>
            <IconButton small label={t("followups.rules.remove", { name })} onClick={props.onRemove}>
              <Trash2 />
            </IconButton>
          </span>
        )}
      </div>
      <Path sequence={one} />
    </li>
  );
}

function Removal({ sequence, onClose }: { sequence: Sequence; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { name } = sequence;
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/sequences/{id}", { params: { path: { id: sequence.id } } })),
    onSuccess: () => {
      for (const key of ["sequences", "follow_ups"]) void cache.invalidateQueries({ queryKey: [key] });
      say(t("followups.said.removed", { name }));
      onClose();
    },
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("followups.sequences.confirm", { name })}
      lead={t("followups.sequences.confirmText")}
      action={t("action.remove")}
      busy={remove.isPending}
      trouble={remove.error ? sayThrown(remove.error) : undefined}
      onConfirm={() => remove.mutate()}
    />
  );
}
