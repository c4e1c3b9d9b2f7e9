import { Link, useLocation } from "@tanstack/react-router";
import { LayoutGrid, type LucideIcon } from "lucide-react";
import { type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DockEdge } from "@/sky/Gravity/edges";
import type { Place } from "./places";
import { useWaits } from "./waits";

const look =
  "group relative flex min-w-0 flex-1 flex-col items-center justify-end gap-[3px] pb-2.5 text-mic font-[540] text-muted aria-[current]:font-[620] aria-[current]:text-ink";
const disc =
  "planet-tab relative grid h-[34px] w-11 place-items-center rounded-full group-aria-[current]:mb-0.5 group-aria-[current]:h-11 group-aria-[current]:-translate-y-1 group-aria-[current]:text-on-accent group-aria-[current]:shadow-accent";
const glyph = "size-[21px] stroke-[1.75]";

interface Tab<To extends string> {
  to: To;
  name: string;
  icon: LucideIcon;
  /** What of it waits for somebody. */
  waits?: Place["waits"];
}

interface Props<To extends string> {
  /** Four at most: the fifth is the way to the rest. */
  tabs: readonly Tab<To>[];
  /** The tab whose address begins all others'. */
  home: To;
  /** What comes with the first interest in the rest. */
  load: () => Promise<unknown>;
  sheet: (sheet: { open: boolean; onClose: () => void }) => ReactNode;
}

/** A phone's navigation: the bar's edge bends round the open page's tab, which is a planet. */
export function DockBar<To extends string>({ tabs, home, load, sheet }: Props<To>) {
  const { t } = useTranslation();
  const nav = useRef<HTMLElement>(null);
  // Somebody may type the address with a slash at its end.
  const pathname = useLocation().pathname.replace(/(.)\/+$/, "$1");
  const [open, setOpen] = useState(false);
  // Stays when it closes, so that it can leave as it came.
  const [asked, setAsked] = useState(false);
  const holds = (to: To) => (to === home ? pathname === to : pathname === to || pathname.startsWith(`${to}/`));
  const elsewhere = !tabs.some(({ to }) => holds(to));
  const early = () => void load().catch(() => undefined);
  return (
    <>
      <nav
        ref={nav}
        aria-label={t("nav.main")}
        data-dock
        className="fixed inset-x-0 bottom-0 z-50 flex h-[calc(68px+env(safe-area-inset-bottom))] items-stretch px-1.5 pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
      >
        <DockEdge nav={nav} active={pathname} />
        {tabs.map((tab) => (
          <TabLink key={tab.to} tab={tab} exact={tab.to === home} />
        ))}
        <button
          type="button"
          // Records have menus of the same name.
          aria-label={`${t("nav.more")}: ${t("nav.all")}`}
          aria-haspopup="dialog"
          aria-expanded={open}
          {...(elsewhere && { "aria-current": "true" })}
          onPointerEnter={early}
          onFocus={early}
          onClick={() => {
            setAsked(true);
            setOpen(true);
          }}
          className={look}
        >
          <span className={disc}>
            <LayoutGrid aria-hidden="true" className={glyph} />
          </span>
          <span className="max-w-full truncate">{t("nav.more")}</span>
        </button>
      </nav>
      <Suspense>{asked && sheet({ open, onClose: () => setOpen(false) })}</Suspense>
    </>
  );
}

function TabLink<To extends string>({ tab, exact }: { tab: Tab<To>; exact: boolean }) {
  const { to, name, icon: Icon } = tab;
  const { waits, describedBy } = useWaits(
    { waits: tab.waits },
    "absolute -end-1 -top-1 shadow-[0_0_0_2px_var(--void)]",
  );
  return (
    <Link
      to={to as string}
      activeOptions={{ exact, includeSearch: false }}
      aria-describedby={describedBy}
      className={look}
    >
      <span className={disc}>
        <Icon aria-hidden="true" className={glyph} />
        {waits}
      </span>
      <span className="max-w-full truncate">{name}</span>
    </Link>
  );
}
