import { Link, useLocation } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { DockEdge } from "@/sky/Gravity/edges";
import { asideOf, type Place, placesOf } from "./places";

/** On phones: at most five, within reach of a thumb. The active tab is a planet. */
export function Dock({ me }: { me: Me }) {
  const { t } = useTranslation();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const places: Place[] = [
    ...placesOf(me)
      .filter(({ wide }) => !wide)
      .slice(0, 4),
    ...asideOf(me),
  ];
  return (
    <nav
      ref={nav}
      aria-label={t("nav.main")}
      data-dock
      className="fixed inset-x-0 bottom-0 z-50 flex h-[calc(68px+env(safe-area-inset-bottom))] items-stretch px-1.5 pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      <DockEdge nav={nav} active={pathname} />
      {places.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/" }}
          className="group relative flex flex-1 flex-col items-center justify-end gap-[3px] pb-2.5 text-mic font-[540] text-muted aria-[current]:font-[620] aria-[current]:text-ink"
        >
          <span className="planet-tab grid h-[34px] w-11 place-items-center rounded-full group-aria-[current]:mb-0.5 group-aria-[current]:h-11 group-aria-[current]:-translate-y-1 group-aria-[current]:text-on-accent group-aria-[current]:shadow-accent">
            <Icon aria-hidden="true" className="size-[21px] stroke-[1.75]" />
          </span>
          <span className="max-w-full truncate">{t(`nav.${label}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
