import { useMutation, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { GitMerge } from "lucide-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Contact, contact, stages, useMembers } from "../contacts/data";
import { useShown } from "../fields/data";
import { readIds } from "./address";
import { useAgain, useUndo } from "./data";
import { Crumbs } from "./parts";
import { first, type Row, rowsOf } from "./rows";

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
  const oldest = contacts.reduce(
    (best, each, n) => (each.created_at < (contacts[best]?.created_at ?? "") ? n : best),
    0,
  );
  const [kept, setKept] = useState(oldest);
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
            fields: Object.fromEntries(
              Object.entries(choices).flatMap(([field, n]) => {
                const from = contacts[n];
                return from ? [[field, from.id]] : [];
              }),
            ),
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
  const choose = (field: string, n: number) => setChoices((now) => ({ ...now, [field]: n }));
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Panel label={t("duplicates.mergeTitle")} bare flush>
        <div className="overflow-x-auto rounded-t-panel">
          <div
            className="grid md:min-w-fit"
            style={{ "--columns": `minmax(110px, 150px) repeat(${contacts.length}, minmax(180px, 1fr))` } as object}
          >
            <fieldset className="grid min-w-0 border-line border-b bg-sunken md:grid-cols-(--columns)">
              <legend className="sr-only">{t("duplicates.choice")}</legend>
              <span className="px-4 py-3 text-[12.5px] text-muted max-md:pb-0">{t("duplicates.choice")}</span>
              {contacts.map((each, n) => (
                <label
                  key={each.id}
                  className="flex min-h-11 cursor-pointer items-center gap-2.5 px-4 py-2.5 hover:bg-hover"
                >
                  <input
                    type="radio"
                    name="kept"
                    checked={n === kept}
                    onChange={() => {
                      setKept(n);
                      setChoices({});
                    }}
                    className="size-4 shrink-0 accent-(--accent)"
                  />
                  <Avatar name={each.display_name} id={each.id} size="sm" />
                  <span className="min-w-0">
                    <b className="block truncate text-[14px] font-[590]">
                      <bdi>{each.display_name}</bdi>
                    </b>
                    <span className="block text-[12.5px] text-muted">
                      {t("contacts.createdAt")} {formats.when(each.created_at)}
                    </span>
                  </span>
                </label>
              ))}
            </fieldset>
            {rows.map((row) => (
              <Choice
                key={row.field}
                row={row}
                contacts={contacts}
                chosen={choices[row.field] ?? first(row, kept)}
                onChoose={(n) => choose(row.field, n)}
              />
            ))}
          </div>
        </div>
        <p className="px-4 py-3 text-[12.5px] text-muted">{t("duplicates.same")}</p>
      </Panel>
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

/** One field: whose value is kept. Arrow keys go through the contacts. */
function Choice(props: { row: Row; contacts: readonly Contact[]; chosen: number; onChoose: (n: number) => void }) {
  const { t } = useTranslation();
  const { row, chosen } = props;
  return (
    <fieldset className="grid min-w-0 border-line border-b md:grid-cols-(--columns)">
      <legend className="sr-only">{t("duplicates.choose", { field: row.label })}</legend>
      <span className="px-4 py-2.5 text-[12.5px] text-muted max-md:pb-0">
        <b className="block font-[560] text-ink-2">{row.label}</b>
        {row.united && t("duplicates.united")}
      </span>
      {props.contacts.map((each, n) => (
        <label
          key={each.id}
          className={`flex min-h-11 cursor-pointer items-start gap-2.5 px-4 py-2.5 text-[13.5px] hover:bg-hover ${
            n === chosen || row.united ? "text-ink" : "text-muted"
          }`}
        >
          <input
            type="radio"
            name={row.field}
            checked={n === chosen}
            onChange={() => props.onChoose(n)}
            className="mt-0.5 size-4 shrink-0 accent-(--accent)"
          />
          <span className="min-w-0 break-words">
            {(row.values[n] || t("duplicates.empties")).split("\n").map((line) => (
              <Fragment key={line}>
                <bdi className={row.values[n] ? "block" : "block italic"}>{line}</bdi>
              </Fragment>
            ))}
            <span className="sr-only">, {each.display_name}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
