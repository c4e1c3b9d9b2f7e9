import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { ASIDE, type Place, placesOf } from "./places";

/** On phones: at most five, within reach of a thumb. The active tab is a planet. */
export function Dock({ me }: { me: Me }) {
  const { t } = useTranslation();
  const places: Place[] = [...placesOf(me).slice(0, 4), ...ASIDE];
  return (
    <nav
      aria-label={t("nav.main")}
      className="fixed inset-x-0 bottom-0 z-50 flex h-[calc(68px+env(safe-area-inset-bottom))] items-stretch border-line-2 border-t bg-surface px-1.5 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/" }}
          className="group flex flex-1 flex-col items-center justify-end gap-[3px] pb-2.5 text-mic font-[540] text-muted aria-[current]:font-[620] aria-[current]:text-ink"
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
