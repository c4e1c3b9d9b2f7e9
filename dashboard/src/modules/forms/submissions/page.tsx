import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { FormFrame } from "../builder/frame";
import { form } from "../data";
import { Export } from "./export";
import { Submissions } from "./list";
import type { Search } from "./search";

/** What visitors sent with any form. */
export function SubmissionsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const search = useSearch({ from: "/shell/submissions" });
  const navigate = useNavigate();
  if (me && !may(me, "forms.read")) return <Forbidden title={t("forms.answers")} needs="forms.read" />;
  const change = (next: Partial<Search>) =>
    void navigate({ to: "/submissions", search: { ...search, ...next }, replace: true });
  return (
    <Page title={t("forms.allAnswers")} back="/forms" fixed>
      <Submissions search={search} change={change} />
    </Page>
  );
}

/** What visitors sent with one form. */
export function FormSubmissionsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = useParams({ from: "/shell/forms/$id/submissions" });
  const search = useSearch({ from: "/shell/forms/$id/submissions" });
  const navigate = useNavigate();
  const { data } = useQuery(form(id));
  if (me && !may(me, "forms.read")) return <Forbidden title={t("forms.answers")} needs="forms.read" />;
  const change = (next: Partial<Search>) =>
    void navigate({
      to: "/forms/$id/submissions",
      params: { id },
      search: { ...search, ...next },
      replace: true,
    });
  return (
    <FormFrame id={id} tab="answers" name={data?.name ?? ""} tools={<Export id={id} name={data?.name ?? ""} />}>
      <Submissions form={id} search={search} change={change} />
    </FormFrame>
  );
}
