import { useMutation, useQueries } from "@tanstack/react-query";
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
import { useMembers } from "../../contacts/data";
import { readIds } from "../../duplicates/address";
import { useAgain } from "../../duplicates/data";
import { chosenIds, Grid, oldest } from "../../duplicates/grid";
import { Crumbs } from "../../duplicates/parts";
import { useShown } from "../../fields/data";
import { type Company, company } from "../data";
import { useUndo } from "./data";
import { rowsOf } from "./rows";

const MOST = 10;

export function MergePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { ids = [] } = readIds({ ...useSearch({ from: "/shell/companies/merge" }) }, "com");
  const queries = useQueries({ queries: ids.slice(0, MOST).map((id) => company(id)) });
  if (me && !may(me, "companies.write"))
    return <Forbidden title={t("companies.merging.title")} needs="companies.write" />;
  const failed = queries.find(({ isError, data }) => isError && !data);
  const companies = queries.flatMap(({ data }) => (data ? [data] : []));
  const few = ids.length < 2 && t("companies.merging.few");
  const wrong = few || (ids.length > MOST && t("companies.merging.tooMany"));
  return (
    <Page
      title={t("companies.merging.title")}
      back="/companies/duplicates"
      crumbs={<Crumbs kind="companies" merging />}
    >
      <div className="mx-auto flex max-w-[1100px] flex-col gap-4 px-7 pt-4 pb-10 max-md:px-4">
        {wrong ? (
          <Empty title={wrong} actions={<ButtonLink to="/companies">{t("companies.title")}</ButtonLink>} />
        ) : failed ? (
          <Failed error={failed.error} onRetry={() => void failed.refetch()} />
        ) : companies.length < ids.length ? (
          <SkeletonRows rows={6} tall />
        ) : (
          <Compare key={ids.join()} companies={companies} />
        )}
      </div>
    </Page>
  );
}

/** The companies beside each other, with a choice for each field in which they differ. */
function Compare({ companies }: { companies: readonly Company[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const members = useMembers();
  const again = useAgain();
  // The page is gone when somebody presses it.
  const undo = useUndo({ asks: false });
  const fields = useShown("company");
  const above = [...new Set(companies.flatMap(({ parent }) => parent ?? []))];
  const parents = useQueries({ queries: above.map((id) => company(id)) });
  const [kept, setKept] = useState(() => oldest(companies));
  const [choices, setChoices] = useState<Record<string, number>>({});
  const names = {
    member: (id: string) => members.get(id),
    company: (id: string) => parents.find(({ data }) => data?.id === id)?.data?.name,
  };
  const one = companies[kept] as Company;
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/v1/company-merges", {
          body: {
            kept: one.id,
            merged: companies.filter((_, n) => n !== kept).map(({ id }) => id),
            fields: chosenIds(choices, companies),
            versions: Object.fromEntries(companies.map(({ id, version }) => [id, version])),
          },
        }),
      ),
    onSuccess: (merge) => {
      void navigate({ to: "/companies/$id", params: { id: merge.kept } }).then(again);
      say(t("duplicates.done", { name: merge.kept_name }), { undo: () => undo.mutate({ id: merge.id }) });
    },
    onError: (error) => {
      sayError(t("companies.merging.title"), sayThrown(error));
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
        label={t("companies.merging.title")}
        records={companies}
        rows={rowsOf(companies, fields, names, formats, t)}
        square
        kept={kept}
        choices={choices}
        onKeep={(n) => {
          setKept(n);
          setChoices({});
        }}
        onChoose={(field, n) => setChoices((now) => ({ ...now, [field]: n }))}
      />
      <p className="text-[12.5px] text-muted">{t("companies.merging.all")}</p>
      <footer className="flex flex-wrap items-center justify-end gap-2">
        <ButtonLink look="ghost" to="/companies/duplicates">
          {t("action.cancel")}
        </ButtonLink>
        <Button type="submit" look="primary" icon={<GitMerge />} busy={isPending}>
          {t("companies.merging.count", { count: companies.length })}
        </Button>
      </footer>
    </form>
  );
}
