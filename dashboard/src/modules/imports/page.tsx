import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { SheetButton } from "@/modules/sheets/export";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { type Import, imports, importsFile } from "./data";
import { Drop } from "./drop";
import { Crumbs, Progress, StateChip } from "./parts";

export function ImportsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "contacts.import")) return <Forbidden title={t("imports.title")} needs="contacts.import" />;
  return (
    <Page title={t("imports.title")} back="/contacts" crumbs={<Crumbs />}>
      <div className="mx-auto flex max-w-[880px] flex-col gap-5 px-7 pt-4 pb-10 max-md:px-4">
        <Drop />
        <Past />
      </div>
    </Page>
  );
}

function Past() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(imports());
  return (
    <Panel title={t("imports.past")} more={<SheetButton small name="imports" load={importsFile} />} flush>
      <Listed query={query} empty={<Empty title={t("imports.none")}>{t("imports.noneText")}</Empty>}>
        {(items) => (
          <ul className="divide-y divide-line border-line border-t">
            {items.map((item) => (
              <li key={item.id}>
                <Row item={item} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

function Row({ item }: { item: Import }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <PlainLink
      to="/contacts/imports/$id"
      params={{ id: item.id }}
      className="relative flex min-h-[57px] flex-wrap items-center gap-x-4 gap-y-1 px-[18px] py-2.5 hover:bg-hover max-md:ps-4 max-md:pe-11"
    >
      <span className="min-w-0 flex-1 basis-52">
        <b className="block truncate text-[14px] leading-[1.35] font-[590]">
          <bdi>{item.file_name}</bdi>
        </b>
        <span className="block text-[12.5px] text-muted">
          {formats.when(item.created_at)} · {t("imports.rows", { count: item.rows_total })}
        </span>
      </span>
      {item.state === "running" || item.state === "undoing" ? (
        <Progress item={item} small />
      ) : (
        item.finished_at && (
          <span className="text-[12.5px] text-muted">
            {t("imports.short", {
              created: formats.count(item.created),
              updated: formats.count(item.updated),
            })}
          </span>
        )
      )}
      <StateChip item={item} />
      <ChevronRight
        aria-hidden="true"
        className="size-4 text-muted max-md:absolute max-md:end-4 max-md:top-1/2 max-md:-translate-y-1/2 rtl:-scale-x-100"
      />
    </PlainLink>
  );
}
