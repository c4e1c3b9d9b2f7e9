import { Link, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { withWords } from "@/i18n/words";
import { useUnread } from "@/modules/notifications/unread";
import { RailEdge } from "@/sky/Gravity/edges";
import { onDemand } from "@/ui/on-demand";
import { type Place, placesOf } from "./places";
import { TenantButton } from "./tenant-button";
import { useWaits } from "./waits";

const TenantMenu = onDemand(async () => (await import("./tenant-menu")).TenantMenu, TenantButton);

const Foot = lazy(async () => ({ default: (await withWords(["home"], import("./foot"))).Foot }));

/** Its place is kept while nobody knows yet who asks: nothing moves when the answer comes. */
export function Rail({ me }: { me: Me | undefined }) {
  const { t } = useTranslation();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const places = placesOf(me);
  const groups: { name?: Exclude<Place["group"], "foot">; places: Place[] }[] = [
    { places: places.filter((p) => !p.group) },
    ...(["relate", "attract", "run"] as const).map((name) => ({
      name,
      places: places.filter((p) => p.group === name),
    })),
  ].filter((group) => group.places.length > 0);
  return (
    <nav
      ref={nav}
      aria-label={t("nav.main")}
      className="sticky top-(--banner) z-20 flex h-view w-[68px] shrink-0 flex-col px-2.5 pt-3 pb-2.5 max-md:hidden print:hidden broad:w-[228px] broad:ps-3 broad:pe-3.5"
    >
      {me ? <TenantMenu me={me} /> : <div className="mb-1.5 h-11" />}
      <div className="-me-3.5 flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto pe-3.5 [scrollbar-width:none]">
        {groups.map((group) => (
          <div key={group.name ?? "top"} {...(group.name && { role: "group", "aria-label": t(`nav.${group.name}`) })}>
            {group.name && (
              <p
                aria-hidden="true"
                className="narrow px-2.5 pt-[11px] pb-1 text-mic leading-none font-[560] text-muted slim:mx-3 slim:my-1.5 slim:h-px slim:bg-line slim:p-0"
              >
                <span className="slim:hidden">{t(`nav.${group.name}`)}</span>
              </p>
            )}
            {group.places.map((place) => (
              <Item key={place.to} place={place} />
            ))}
          </div>
        ))}
      </div>
      {places
        .filter(({ group }) => group === "foot")
        .map((place) => (
          <Item key={place.to} place={place} />
        ))}
      <div className="min-h-[62px] shrink-0 slim:hidden [@media(max-height:560px)]:hidden">
        <Suspense>{me && <Foot me={me} />}</Suspense>
      </div>
      <RailEdge nav={nav} active={me && pathname} />
    </nav>
  );
}

function Item({ place: { to, label, icon: Icon, ...place } }: { place: Place }) {
  const { t } = useTranslation();
  const unread = useUnread();
  const { waits, describedBy } = useWaits(place, "slim:absolute slim:ms-7 slim:-mt-4 broad:ms-auto");
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === "/" }}
      title={t(`nav.${label}`)}
      aria-describedby={describedBy}
      className="group flex h-9 shrink-0 items-center justify-center gap-2.5 rounded-[8px] text-[13.5px] font-[470] text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-linear-to-r aria-[current]:from-transparent aria-[current]:to-accent-soft aria-[current]:font-semibold aria-[current]:text-ink rtl:aria-[current]:bg-linear-to-l broad:h-[30px] broad:justify-start broad:ps-2.5 broad:pe-2"
    >
      <Icon
        aria-hidden="true"
        className="size-[18px] shrink-0 stroke-[1.75] text-muted group-aria-[current]:text-accent-text broad:size-4"
      />
      <span className="truncate slim:sr-only">{t(`nav.${label}`)}</span>
      {label === "overview" && unread > 0 && (
        <span
          aria-hidden="true"
          className="size-2 shrink-0 rounded-full bg-sun slim:absolute slim:ms-7 slim:-mt-4 broad:ms-auto broad:me-1"
        />
      )}
      {waits}
    </Link>
  );
}
