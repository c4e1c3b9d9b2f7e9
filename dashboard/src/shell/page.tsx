import { ChevronLeft, Search, SunMoon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { switchTheme } from "@/app/display";
import { useTitle } from "@/app/title";
import { withWords } from "@/i18n/words";
import { Avatar } from "@/ui/avatar";
import { Boundary } from "@/ui/boundary";
import { IconButton } from "@/ui/button";
import { Kbd, modifier } from "@/ui/kbd";
import { onDemand } from "@/ui/on-demand";
import { PlainLink } from "@/ui/link";
import { AccountButton } from "./account-button";
import { Bell } from "./bell";
import { Horizon } from "./horizon";
import { openPalette } from "./palette-state";

const Notifications = onDemand(
  async () => (await withWords(["notifications"], import("./bell-panel"))).Notifications,
  Bell,
);
const AccountMenu = onDemand(async () => (await import("./account-menu")).AccountMenu, AccountButton);

interface Props {
  title: string;
  /** In place of the title, where a way back is worth more; the title is still the heading for who listens. */
  crumbs?: ReactNode;
  /** On phones, where the arrow leads. */
  back?: ComponentProps<typeof PlainLink>["to"];
  /** How that page was asked for when it was left. */
  backSearch?: object;
  /** What can be done with the record, next to its name. */
  tools?: ReactNode;
  /** More particular than the title, for the tab's name. */
  record?: string;
  /** In place of title and horizon: a sky that begins behind the tools. */
  hero?: ReactNode;
  /** The page scrolls inside itself: tables that fill the window. */
  fixed?: boolean;
  children: ReactNode;
}

/** A page in the shell: heading and tools, horizon, content. */
export function Page({ title, crumbs, back, backSearch, tools, record, hero, fixed, children }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(record, title, me?.tenant.name);
  return (
    <div
      className={
        fixed
          ? "flex h-view min-w-0 flex-none flex-col print:block print:h-auto max-md:h-[calc(100dvh-var(--banner)-68px-env(safe-area-inset-bottom))]"
          : "relative flex min-h-view min-w-0 flex-1 flex-col"
      }
    >
      <header
        className={`${hero === undefined ? "relative" : "absolute inset-x-0 top-0"} z-12 flex h-14 shrink-0 items-center gap-2.5 ps-7 pe-5 max-md:h-[54px] max-md:gap-0.5 max-md:ps-4 max-md:pe-2 print:hidden`}
      >
        {back && (
          <PlainLink
            to={back}
            search={backSearch}
            aria-label={t("action.back")}
            className="-ms-3 grid size-11 place-items-center text-ink-2 md:hidden"
          >
            <ChevronLeft aria-hidden="true" className="size-[22px] rtl:-scale-x-100" />
          </PlainLink>
        )}
        {crumbs ? (
          <>
            <h1 className="sr-only">{record ?? title}</h1>
            <div className="flex min-w-0 items-center gap-2 text-[13.5px] text-muted max-md:hidden">{crumbs}</div>
            <span aria-hidden="true" className="truncate text-[15px] font-semibold md:hidden">
              {title}
            </span>
          </>
        ) : (
          <>
            <h1 className={hero === undefined ? "wide truncate text-h1 font-[590]" : "sr-only"}>{title}</h1>
            {hero !== undefined && me && (
              <span
                aria-hidden="true"
                className="flex min-w-0 items-center gap-2.5 text-[15px] font-semibold md:hidden"
              >
                <Avatar name={me.tenant.name} id={me.tenant.id} square />
                <span className="truncate">{me.tenant.name}</span>
              </span>
            )}
          </>
        )}
        {tools}
        <span className="flex-1" />
        <button
          type="button"
          onClick={openPalette}
          aria-keyshortcuts="Control+K Meta+K"
          className="flex h-[34px] w-[250px] shrink-0 items-center gap-2 rounded-control border border-line-2 bg-surface pe-2 ps-[11px] text-sm text-muted hover:border-control max-md:hidden"
        >
          <Search aria-hidden="true" className="size-4" />
          {t("palette.open")}
          <Kbd className="ms-auto">{modifier()}K</Kbd>
        </button>
        <IconButton label={t("palette.open")} className="md:hidden" onClick={openPalette}>
          <Search />
        </IconButton>
        <IconButton
          label={t("theme.switch")}
          className="max-md:hidden"
          onClick={(event) => switchTheme(event.currentTarget)}
        >
          <SunMoon />
        </IconButton>
        {(!me || me.user) && <Notifications />}
        {me ? <AccountMenu me={me} /> : <span aria-hidden="true" className="size-9 shrink-0 max-md:hidden" />}
      </header>
      {hero === undefined && <Horizon />}
      <main
        id="content"
        tabIndex={-1}
        className={fixed ? "flex min-h-0 flex-1 flex-col outline-none print:block" : "flex-1 outline-none"}
      >
        {hero}
        <Boundary>{children}</Boundary>
      </main>
    </div>
  );
}
