import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, SunMoon } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMe } from "@/app/may";
import { toggleTheme } from "@/app/theme";
import { useTitle } from "@/app/title";
import { useFormats } from "@/i18n/format";
import { Boundary } from "@/ui/boundary";
import { IconButton } from "@/ui/button";
import { PlainLink } from "@/ui/link";
import { useScrolledTo } from "@/ui/scrolled";

export type FormTab = "build" | "logic" | "style" | "settings" | "answers" | "analytics";

const tabLook =
  "inline-flex h-[30px] items-center gap-1.5 whitespace-nowrap rounded-[8px] px-[11px] text-sm font-[520] text-muted hover:text-ink aria-[current]:bg-raised aria-[current]:font-[580] aria-[current]:text-ink aria-[current]:shadow-1 max-md:h-11 coarse:h-11";

/** A form's own header on all of its pages: its name, the ways through it, what can be done. The canvas needs the room of the horizon. */
export function FormFrame(props: {
  id: string;
  tab: FormTab;
  /** In place of the plain name: the builder lets it be changed. */
  name: string;
  heading?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
  /** The whole window belongs to the canvas, on phones too. */
  canvas?: boolean;
}) {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(props.name, t("forms.title"), me?.tenant.name);
  return (
    <div
      data-canvas={props.canvas || undefined}
      className={
        props.canvas
          ? "flex h-dvh min-w-0 flex-none flex-col"
          : "flex h-dvh min-w-0 flex-none flex-col max-md:h-[calc(100dvh-68px-env(safe-area-inset-bottom))]"
      }
    >
      <header className="z-12 grid shrink-0 grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-center gap-x-3 border-line border-b ps-3 pe-5 max-lg:grid-cols-[minmax(0,1fr)_auto] max-md:pe-2">
        <div className="flex h-14 min-w-0 items-center gap-1.5">
          <PlainLink
            to="/forms"
            aria-label={t("forms.toList")}
            title={t("forms.toList")}
            className="grid size-9 shrink-0 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink max-md:size-11 coarse:size-11"
          >
            <ChevronLeft aria-hidden="true" className="size-[20px] rtl:-scale-x-100" />
          </PlainLink>
          {props.heading ?? <h1 className="wide truncate text-[16px] font-[590]">{props.name}</h1>}
        </div>
        <Tabs id={props.id} tab={props.tab} />
        <div className="flex items-center justify-end gap-2 max-lg:col-start-2 max-lg:row-start-1">
          <IconButton
            label={t("theme.switch")}
            className="max-md:hidden"
            onClick={(event) => void toggleTheme(event.currentTarget)}
          >
            <SunMoon />
          </IconButton>
          {props.tools}
        </div>
      </header>
      <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        <Boundary>{props.children}</Boundary>
      </main>
    </div>
  );
}

function Tabs({ id, tab }: { id: string; tab: FormTab }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useQuery(submissionCounts(id));
  const waiting = (data?.received ?? 0) + (data?.quarantined ?? 0);
  const current = (name: FormTab) => (tab === name ? ({ "aria-current": "page" } as const) : {});
  const row = useRef<HTMLElement>(null);
  useScrolledTo(row, "[aria-current=page]", tab);
  return (
    <nav
      ref={row}
      aria-label={t("forms.partsOf")}
      className="inline-flex max-w-full justify-self-center overflow-x-auto rounded-control border border-line bg-sunken p-0.5 [scrollbar-width:none] max-lg:col-span-2 max-lg:mb-2 max-lg:max-w-[calc(100vw-24px)] max-lg:justify-self-start md:max-lg:max-w-[calc(100vw-104px)]"
    >
      {(["build", "logic", "style", "settings"] as const).map((name) => (
        <PlainLink
          key={name}
          to="/forms/$id"
          params={{ id }}
          search={{ tab: name === "build" ? undefined : name }}
          activeOptions={{ exact: true, includeSearch: true }}
          className={tabLook}
          {...current(name)}
        >
          {t(`forms.tab.${name}`)}
        </PlainLink>
      ))}
      <PlainLink to="/forms/$id/submissions" params={{ id }} className={tabLook} {...current("answers")}>
        {t("forms.tab.answers")}
        {waiting > 0 && <span className="num text-muted">{formats.count(waiting)}</span>}
      </PlainLink>
      <PlainLink to="/forms/$id/analytics" params={{ id }} className={tabLook} {...current("analytics")}>
        {t("forms.tab.analytics")}
      </PlainLink>
    </nav>
  );
}

export const submissionCounts = (form?: string) => ({
  queryKey: ["submissions", "counts", form ?? "all"],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ok(api.GET("/v1/submissions/counts", { params: { query: form ? { form } : {} }, signal })),
});
