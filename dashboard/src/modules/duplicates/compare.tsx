/** Records beside each other that become one: which stays, whose value each field gets. Of contacts and of companies alike. */
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { GitMerge } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { may, useMe } from "@/app/may";
import { Button } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { useAgain, type useUndo } from "./data";
import { type Compared, chosenIds, Grid, oldest } from "./grid";
import type { Kind } from "./lists";
import { Crumbs } from "./parts";
import type { Row } from "./rows";

/** Most records that become one at once. */
export const MOST = 10;

/** What becomes one, as the API wants it. */
export interface Merging {
  kept: string;
  merged: string[];
  fields: Record<string, string>;
  versions: Record<string, number>;
}

/** The page around it: the records come one by one. */
export function MergeFrame<T>(props: {
  kind: Kind;
  title: string;
  few: string;
  tooMany: string;
  ids: readonly string[];
  queries: readonly { data?: T; isError: boolean; error: unknown; refetch: () => unknown }[];
  children: (records: T[]) => React.ReactNode;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const { kind, title, ids, queries } = props;
  const needs = `${kind}.write`;
  if (me && !may(me, needs)) return <Forbidden title={title} needs={needs} />;
  const failed = queries.find(({ isError, data }) => isError && !data);
  const records = queries.flatMap(({ data }) => (data ? [data] : []));
  const wrong = ids.length < 2 ? props.few : ids.length > MOST ? props.tooMany : undefined;
  return (
    <Page title={title} back={`/${kind}/duplicates`} crumbs={<Crumbs kind={kind} merging />}>
      <div className="mx-auto flex max-w-[1100px] flex-col gap-4 px-7 pt-4 pb-10 max-md:px-4">
        {wrong ? (
          <Empty title={wrong} actions={<ButtonLink to={`/${kind}`}>{t(`${kind}.title`)}</ButtonLink>} />
        ) : failed ? (
          <Failed error={failed.error} onRetry={() => void failed.refetch()} />
        ) : records.length < ids.length ? (
          <SkeletonRows rows={6} tall />
        ) : (
          props.children(records)
        )}
      </div>
    </Page>
  );
}

/** The records with a choice for each field in which they differ. */
export function Compare(props: {
  kind: Kind;
  title: string;
  records: readonly (Compared & { version: number })[];
  rows: readonly Row[];
  square?: boolean;
  /** What goes to the one that stays. */
  all: string;
  action: string;
  undo: ReturnType<typeof useUndo>;
  merge: (body: Merging) => Promise<{ id: string; kept: string; kept_name: string }>;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const again = useAgain();
  const { kind, records, undo } = props;
  const [kept, setKept] = useState(() => oldest(records));
  const [choices, setChoices] = useState<Record<string, number>>({});
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      props.merge({
        kept: records[kept]?.id ?? "",
        merged: records.filter((_, n) => n !== kept).map(({ id }) => id),
        fields: chosenIds(choices, records),
        versions: Object.fromEntries(records.map(({ id, version }) => [id, version])),
      }),
    onSuccess: (merge) => {
      void navigate({ to: `/${kind}/$id`, params: { id: merge.kept } }).then(again);
      say(t("duplicates.done", { name: merge.kept_name }), { undo: () => undo.mutate({ id: merge.id }) });
    },
    onError: (error) => {
      sayError(props.title, sayThrown(error));
      void again();
    },
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Grid
        label={props.title}
        records={records}
        rows={props.rows}
        square={props.square}
        kept={kept}
        choices={choices}
        onKeep={(n) => {
          setKept(n);
          setChoices({});
        }}
        onChoose={(field, n) => setChoices((now) => ({ ...now, [field]: n }))}
      />
      <p className="text-[12.5px] text-muted">{props.all}</p>
      <footer className="flex flex-wrap items-center justify-end gap-2">
        <ButtonLink look="ghost" to={`/${kind}/duplicates`}>
          {t("action.cancel")}
        </ButtonLink>
        <Button type="submit" look="primary" icon={<GitMerge />} busy={isPending}>
          {props.action}
        </Button>
      </footer>
    </form>
  );
}
