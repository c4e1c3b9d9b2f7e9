import { useMutation, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { GitMerge } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Contact, contact, stages, useMembers } from "../contacts/data";
import { useShown } from "../fields/data";
import { readIds } from "./address";
import { useAgain, useUndo } from "./data";
import { chosenIds, Grid, oldest } from "./grid";
import { Crumbs } from "./parts";
import { rowsOf } from "./rows";

const MOST = 10;

export function MergePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { ids = [] } = readIds({ ...useSearch({ from: "/shell/contacts/merge" }) });
  const queries = useQueries({ queries: ids.slice(0, MOST).map((id) => contact(id)) });
  if (me && !may(me, "contacts.write")) return <Forbidden title={t("duplicates.mergeTitle")} needs="contacts.write" />;
  const failed = queries.find(({ isError, data }) => isError && !data);
  const contacts = queries.flatMap(({ data }) => (data ? [data] : []));
  const wrong = ids.length < 2 ? t("duplicates.few") : ids.length > MOST ? t("duplicates.tooMany") : undefined;
  return (
    <Page title={t("duplicates.mergeTitle")} back="/contacts/duplicates" crumbs={<Crumbs merging />}>
      <div className="mx-auto flex max-w-[1100px] flex-col gap-4 px-7 pt-4 pb-10 max-md:px-4">
        {wrong ? (
          <Empty title={wrong} actions={<ButtonLink to="/contacts">{t("contacts.title")}</ButtonLink>} />
        ) : failed ? (
          <Failed error={failed.error} onRetry={() => void failed.refetch()} />
        ) : contacts.length < ids.length ? (
          <SkeletonRows rows={6} tall />
        ) : (
          <Compare key={ids.join()} contacts={contacts} />
        )}
      </div>
    </Page>
  );
}

/** The contacts beside each other, with a choice for each field in which they differ. */
function Compare({ contacts }: { contacts: readonly Contact[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const members = useMembers();
  const again = useAgain();
  // The page is gone when somebody presses it.
  const undo = useUndo({ asks: false });
  const fields = useShown("contact");
  const { data: known = [] } = useQuery(stages);
  const [kept, setKept] = useState(() => oldest(contacts));
  const [choices, setChoices] = useState<Record<string, number>>({});
  const names = {
    stage: (key: string) => known.find((stage) => stage.key === key)?.label ?? key,
    member: (id: string) => members.get(id),
    nobody: t("contacts.nobody"),
  };
  const rows = rowsOf(contacts, fields, names, formats, t);
  const one = contacts[kept] as Contact;
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/v1/contact-merges", {
          body: {
            kept: one.id,
            merged: contacts.filter((_, n) => n !== kept).map(({ id }) => id),
            fields: chosenIds(choices, contacts),
            versions: Object.fromEntries(contacts.map(({ id, version }) => [id, version])),
          },
        }),
      ),
    onSuccess: (merge) => {
      void navigate({ to: "/contacts/$id", params: { id: merge.kept } }).then(again);
      say(t("duplicates.done", { name: merge.kept_name }), { undo: () => undo.mutate({ id: merge.id }) });
    },
    onError: (error) => {
      sayError(t("duplicates.mergeTitle"), sayThrown(error));
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
        label={t("duplicates.mergeTitle")}
        records={contacts.map(({ id, display_name, created_at }) => ({ id, name: display_name, created_at }))}
        rows={rows}
        kept={kept}
        choices={choices}
        onKeep={(n) => {
          setKept(n);
          setChoices({});
        }}
        onChoose={(field, n) => setChoices((now) => ({ ...now, [field]: n }))}
      />
      <p className="text-[12.5px] text-muted">{t("duplicates.all")}</p>
      <footer className="flex flex-wrap items-center justify-end gap-2">
        <ButtonLink look="ghost" to="/contacts/duplicates">
          {t("action.cancel")}
        </ButtonLink>
        <Button type="submit" look="primary" icon={<GitMerge />} busy={isPending}>
          {t("duplicates.mergeCount", { count: contacts.length })}
        </Button>
      </footer>
    </form>
  );
}
