import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Globe } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { may, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { ExportButton } from "@/ui/export";
import { ButtonLink, PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { filtersOf, type ListSearch, type Widget, widgets } from "./data";
import { WidgetState } from "./state";

export function WidgetsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "tenants.read")) return <Forbidden title={t("widgets.title")} needs="tenants.read" />;
  return <Widgets />;
}

function Widgets() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/widgets" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(widgets(search));
  const change = (next: ListSearch) => void navigate({ to: "/widgets", search: next, replace: true });
  const narrowed = Boolean(search.q || search.state);
  return (
    <Page title={t("widgets.title")}>
      <div className="flex flex-wrap items-center gap-2 px-7 pt-3.5 pb-3 max-md:px-4">
        <Segments<"all" | "on" | "off">
          label={t("widgets.which")}
          value={search.state ?? "all"}
          onChange={(state) => change({ ...search, state: state === "all" ? undefined : state })}
          options={[
            { value: "all", label: t("widgets.all") },
            { value: "on", label: t("widgets.on") },
            { value: "off", label: t("widgets.off") },
          ]}
        />
        <SearchBox
          label={t("widgets.search")}
          value={search.q ?? ""}
          onChange={(q) => change({ ...search, q: q || undefined })}
        />
        <span className="flex-1" />
        <ExportButton
          name="widgets"
          load={() =>
            ok(api.GET("/v1/widgets/export", { params: { query: { filter: filtersOf(search) } }, parseAs: "blob" }))
          }
          className="max-md:hidden"
        />
        <ButtonLink to="/settings/domains" className="max-md:hidden">
          <Globe aria-hidden="true" />
          {t("widgets.domains")}
        </ButtonLink>
      </div>
      <div className="px-7 pb-8 max-md:px-4">
        <Panel bare label={t("widgets.title")}>
          <Listed
            query={query}
            onClear={narrowed ? () => change({}) : undefined}
            empty={<Empty title={t("widgets.emptyTitle")}>{t("widgets.emptyText")}</Empty>}
          >
            {(items) => <Rows widgets={items} />}
          </Listed>
        </Panel>
      </div>
    </Page>
  );
}

const TRACKS = "md:grid md:grid-cols-[minmax(0,1.6fr)_120px_150px_140px] md:items-center md:gap-4";

function Rows({ widgets: rows }: { widgets: readonly Widget[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      <p
        aria-hidden="true"
        className={`narrow h-9 border-line border-b px-[18px] text-cap font-[540] text-muted max-md:hidden ${TRACKS}`}
      >
        <span>{t("widgets.widget")}</span>
        <span>{t("widgets.state")}</span>
        <span>{t("widgets.websites")}</span>
        <span>{t("widgets.seen")}</span>
      </p>
      <ul className="divide-y divide-line">
        {rows.map((item) => (
          <li key={item.id}>
            <PlainLink
              to="/widgets/$id"
              params={{ id: item.id }}
              className={`block px-[18px] py-2.5 hover:bg-hover max-md:px-4 md:min-h-[57px] ${TRACKS}`}
            >
              <span className="flex min-w-0 items-center gap-3">
                <span className="min-w-0 flex-1">
                  <b className="block text-[14px] leading-[1.3] font-[590]">
                    <Own title={item.name}>{item.name}</Own>
                  </b>
                  <code className="block truncate font-mono text-[12px] text-muted" dir="ltr">
                    {item.id}
                  </code>
                </span>
                <span className="md:hidden">
                  <WidgetState widget={item} />
                </span>
              </span>
              <span className="max-md:hidden">
                <WidgetState widget={item} />
              </span>
              <span className={`text-sm max-md:me-3 ${item.websites === 0 ? "text-warning-text" : "text-ink-2"}`}>
                {item.websites === 0 ? t("widgets.nowhere") : t("widgets.websitesOf", { count: item.websites })}
              </span>
              <span className="text-sm text-muted">
                {item.last_seen_at ? (
                  <time dateTime={item.last_seen_at} title={formats.full(item.last_seen_at)}>
                    {formats.ago(item.last_seen_at)}
                  </time>
                ) : (
                  t("widgets.neverSeen")
                )}
              </span>
            </PlainLink>
          </li>
        ))}
      </ul>
    </>
  );
}
