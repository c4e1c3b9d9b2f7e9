import { FileInput, GitMerge, History, SlidersHorizontal } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { ButtonLink } from "@/ui/link";
import { ImportFilters } from "../imports/chip";
import { AdvancedFilters } from "../segments/advanced-filter";
import { SegmentFilters } from "../segments/chip";
import { ViewTools } from "../views/tools";
import { type ColumnId, nameOf, USUAL, useColumns } from "./columns";
import { Export } from "./export";
import { FilterBar } from "./filters/bar";
import { OwnFilters } from "./filters/own";
import type { Listed } from "./search";
import { TagsButton } from "./tags/button";
import { ColumnChooser } from "./views/columns";
import { ViewTabs } from "./views/tabs";

/** What stands above the rows and comes after them: the views of the list, and what can be done with them. */
export function Views({
  onTab,
  view,
  ...tools
}: Omit<ComponentProps<typeof ViewTools>, "list" | "view"> & { view: string; onTab: (view: string) => void }) {
  const { views } = tools;
  return (
    <>
      <ViewTabs view={view} views={views} onView={onTab} />
      <span className="flex shrink-0 items-center gap-1.5 max-md:hidden">
        <ViewTools list="contacts" view={views.find(({ id }) => id === view)} {...tools} />
      </span>
    </>
  );
}

/** What narrows the list, and where else it leads. */
export function Tools(props: {
  what: Listed;
  /** What somebody asks for himself, beside what the view says. */
  own: readonly string[];
  onFilter: (filter: string[]) => void;
  columns: ColumnId[];
  onColumns: (columns: ColumnId[]) => void;
}) {
  const { t } = useTranslation();
  const { own, onFilter } = props;
  const many = useMay("contacts.mass_update");
  const imports = useMay("contacts.import");
  const segments = useMay("segments.read");
  const every = useColumns();
  return (
    <>
      <div className="flex min-w-0 flex-1 items-center gap-2 overflow-x-auto py-1 [scrollbar-width:none] max-md:flex-none max-md:overflow-visible">
        {imports && <ImportFilters filter={own} onChange={onFilter} />}
        {segments && <SegmentFilters filter={own} onChange={onFilter} />}
        <FilterBar filter={own} onChange={onFilter} />
        <OwnFilters record="contact" filter={own} onChange={onFilter} />
        <AdvancedFilters filter={own} onChange={onFilter} />
      </div>
      {segments && (
        <ButtonLink to="/contacts/segments" title={t("segments.title")} className="shrink-0">
          <SlidersHorizontal aria-hidden="true" />
          <span className="md:max-2xl:sr-only">{t("segments.title")}</span>
        </ButtonLink>
      )}
      <TagsButton />
      <ColumnChooser
        brief
        columns={props.columns}
        known={every.map((column) => ({ id: column.id, name: nameOf(column, t) }))}
        usual={USUAL}
        onChange={props.onColumns}
      />
      <ButtonLink to="/contacts/duplicates" title={t("contacts.duplicates")} className="shrink-0">
        <GitMerge aria-hidden="true" />
        <span className="md:max-2xl:sr-only">{t("contacts.duplicates")}</span>
      </ButtonLink>
      {imports && (
        <ButtonLink to="/contacts/imports" title={t("contacts.imports")} className="shrink-0">
          <FileInput aria-hidden="true" />
          <span className="md:max-2xl:sr-only">{t("contacts.imports")}</span>
        </ButtonLink>
      )}
      {many && (
        <ButtonLink to="/contacts/bulk-runs" title={t("contacts.runs.title")} className="shrink-0">
          <History aria-hidden="true" />
          <span className="md:max-2xl:sr-only">{t("contacts.runs.title")}</span>
        </ButtonLink>
      )}
      <Export what={props.what} />
    </>
  );
}
