import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Inbox, Plus } from "lucide-react";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { may, useMe, useRoom } from "@/app/may";
import { SheetButton } from "@/modules/sheets/export";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { forms, formsFile } from "./data";
import { NewForm } from "./new-form";
import { FormTable } from "./table";

export function FormsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "forms.read")) return <Forbidden title={t("forms.title")} needs="forms.read" />;
  return <Forms />;
}

function Forms() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/forms" });
  const navigate = useNavigate();
  const writes = useRoom("forms.write");
  const query = useInfiniteQuery({ ...forms(search), placeholderData: (before) => before });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const box = useRef<HTMLInputElement>(null);
  const change = useCallback(
    (next: Partial<typeof search>) => void navigate({ to: "/forms", search: { ...search, ...next }, replace: true }),
    [navigate, search],
  );
  const create = () => change({ new: true });
  useShortcuts([
    { keys: "/", label: t("keys.search"), run: () => box.current?.focus() },
    ...(writes ? [{ keys: "n", label: t("forms.create"), run: create }] : []),
  ]);
  const add = writes && (
    <Button look="primary" icon={<Plus />} onClick={create}>
      {t("forms.create")}
    </Button>
  );
  const filtered = Boolean(search.q || search.state);
  return (
    <Page title={t("forms.title")}>
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 md:flex-wrap max-md:overflow-x-auto max-md:px-4 max-md:pt-3 max-md:[scrollbar-width:none]">
        <Segments
          label={t("forms.view")}
          value={search.state ?? "all"}
          onChange={(state) => change({ state: state === "all" ? undefined : state })}
          options={[
            { value: "all", label: t("forms.viewAll") },
            { value: "published", label: t("forms.state.published") },
            { value: "draft", label: t("forms.state.draft") },
            { value: "unpublished", label: t("forms.state.unpublished") },
          ]}
        />
        <SearchBox
          label={t("forms.search")}
          field={box}
          value={search.q ?? ""}
          onChange={(q) => change({ q: q || undefined })}
        />
        <span className="flex-1 max-md:hidden" />
        <SheetButton name="forms" load={(look) => formsFile(search, look)} className="max-md:hidden" />
        <ButtonLink to="/submissions" className="shrink-0">
          <Inbox aria-hidden="true" />
          {t("forms.allAnswers")}
        </ButtonLink>
        <span className="max-md:hidden">{add}</span>
      </div>
      <div className="px-7 pb-8 max-md:px-4 max-md:pb-24">
        <Panel label={t("forms.title")} bare>
          {query.isError && !query.data ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : !query.data ? (
            <SkeletonRows rows={6} tall />
          ) : rows.length > 0 ? (
            <FormTable rows={rows} />
          ) : filtered ? (
            <Empty
              title={t("forms.noneTitle")}
              actions={
                <Button onClick={() => change({ q: undefined, state: undefined })}>{t("action.clearFilters")}</Button>
              }
            >
              {search.q ? t("forms.noneSearch", { query: search.q }) : t("forms.noneState")}
            </Empty>
          ) : (
            <Empty title={t("forms.emptyTitle")} actions={add}>
              {t("forms.emptyText")}
            </Empty>
          )}
          {query.hasNextPage && (
            <p className="border-line border-t p-3 text-center">
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("action.more")}
              </Button>
            </p>
          )}
        </Panel>
      </div>
      {writes && (
        <Button
          look="primary"
          icon={<Plus />}
          onClick={create}
          className="fixed end-4 bottom-[calc(84px+env(safe-area-inset-bottom))] z-20 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
        >
          {t("forms.create")}
        </Button>
      )}
      {writes && <NewForm open={search.new === true} onClose={() => change({ new: undefined })} />}
    </Page>
  );
}
