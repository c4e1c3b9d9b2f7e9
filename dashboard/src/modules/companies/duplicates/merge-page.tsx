import { useQueries } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { useMembers } from "../../contacts/data";
import { readIds } from "../../duplicates/address";
import { Compare, MergeFrame, MOST } from "../../duplicates/compare";
import { useShown } from "../../fields/data";
import { type Company, company } from "../data";
import { useUndo } from "./data";
import { rowsOf } from "./rows";

export function MergePage() {
  const { t } = useTranslation();
  const { ids = [] } = readIds({ ...useSearch({ from: "/shell/companies/merge" }) }, "com");
  const queries = useQueries({ queries: ids.slice(0, MOST).map((id) => company(id)) });
  return (
    <MergeFrame
      kind="companies"
      title={t("companies.merging.title")}
      few={t("companies.merging.few")}
      tooMany={t("companies.merging.tooMany")}
      ids={ids}
      queries={queries}
    >
      {(companies) => <Companies key={ids.join()} companies={companies} />}
    </MergeFrame>
  );
}

function Companies({ companies }: { companies: readonly Company[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const fields = useShown("company");
  const above = [...new Set(companies.flatMap(({ parent }) => parent ?? []))];
  const parents = useQueries({ queries: above.map((id) => company(id)) });
  const names = {
    member: (id: string) => members.get(id),
    company: (id: string) => parents.find(({ data }) => data?.id === id)?.data?.name,
  };
  return (
    <Compare
      kind="companies"
      title={t("companies.merging.title")}
      records={companies}
      rows={rowsOf(companies, fields, names, formats, t)}
      square
      all={t("companies.merging.all")}
      action={t("companies.merging.count", { count: companies.length })}
      // The page is gone when somebody presses it.
      undo={useUndo({ asks: false })}
      merge={(body) => ok(api.POST("/v1/company-merges", { body }))}
    />
  );
}
