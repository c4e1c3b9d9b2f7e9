import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { lazy, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { DockBar } from "@/shell/dock-bar";
import { RailEdge } from "@/sky/Gravity/edges";
import { Mark } from "@/ui/mark";
import { type Admin, health } from "./api";
import { type AdminPlace, DOCKED, GROUPS, PLACES } from "./places";

/** How many there are, and how many want somebody: at the end of the line. */
function counts(now: Admin["Health"] | undefined, label: AdminPlace["label"]): { count?: number; waiting?: number } {
  if (!now) return {};
  switch (label) {
    case "agencies":
      return { count: now.agencies };
    case "clients":
      return { count: now.clients };
    case "health":
      return { waiting: now.problems.length };
    case "schemas":
      return { waiting: now.failed_schemas };
    case "jobs":
      return { waiting: now.dead_jobs };
    default:
      return {};
  }
}

const itemLook =
  "group flex h-9 items-center justify-center gap-2.5 rounded-[8px] text-[13.5px] font-[470] text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-linear-to-r aria-[current]:from-transparent aria-[current]:to-accent-soft aria-[current]:font-semibold aria-[current]:text-ink rtl:aria-[current]:bg-linear-to-l lg:h-[30px] lg:justify-start lg:ps-2.5 lg:pe-2";

export function Rail() {
  const { t } = useTranslation();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const now = useQuery(health).data;
  return (
    <nav
      ref={nav}
      aria-label={t("nav.main")}
      className="sticky top-0 z-20 flex h-dvh w-[68px] shrink-0 flex-col px-2.5 pt-3 pb-2.5 max-md:hidden lg:w-[228px] lg:ps-3 lg:pe-3.5"
    >
      <div className="mb-1.5 flex h-11 items-center gap-2.5 px-[9px] lg:px-2">
        <Mark className="size-[30px] shrink-0" />
        <span className="min-w-0 max-lg:hidden">
          <b className="block truncate text-[14px] leading-[1.2] font-[620] [font-stretch:108%]">Upzento</b>
          <small className="block text-[11.5px] leading-[1.3] text-muted">{t("admin.platform")}</small>
        </span>
      </div>
      <div className="-me-3.5 flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto pe-3.5 [scrollbar-width:none]">
        {GROUPS.map((name) => (
          <div key={name ?? "top"} {...(name && { role: "group", "aria-label": t(`admin.${name}`) })}>
            {name && (
              <p
                aria-hidden="true"
                className="narrow px-2.5 pt-[11px] pb-1 text-mic leading-none font-[560] text-muted max-lg:mx-3 max-lg:my-1.5 max-lg:h-px max-lg:bg-line max-lg:p-0"
              >
                <span className="max-lg:hidden">{t(`admin.${name}`)}</span>
              </p>
            )}
            {PLACES.filter(({ group }) => group === name).map(({ to, label, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                activeOptions={{ exact: to === "/admin", includeSearch: false }}
                title={t(`admin.nav.${label}`)}
                className={itemLook}
              >
                <Icon
                  aria-hidden="true"
                  className="size-[18px] shrink-0 stroke-[1.75] text-muted group-aria-[current]:text-accent-text lg:size-4"
                />
                <span className="truncate max-lg:sr-only">{t(`admin.nav.${label}`)}</span>
                <Count {...counts(now, label)} />
              </Link>
            ))}
          </div>
        ))}
      </div>
      <RailEdge nav={nav} active={pathname} />
    </nav>
  );
}

function Count({ count, waiting }: { count?: number; waiting?: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (waiting)
    return (
      <span className="ms-auto grid h-[18px] min-w-[18px] place-items-center rounded-full bg-sun px-[5px] text-mic font-[640] text-on-sun max-lg:hidden">
        <span aria-hidden="true">{formats.count(waiting)}</span>
        <span className="sr-only">{t("admin.waiting", { count: waiting })}</span>
      </span>
    );
  if (!count) return null;
  return <span className="num ms-auto text-mic text-muted max-lg:hidden">{formats.count(count)}</span>;
}

const load = () => import("./more");
const More = lazy(async () => ({ default: (await load()).More }));

/** On phones: four places and a way to the others. */
export function Dock() {
  const { t } = useTranslation();
  const tabs = PLACES.filter(({ label }) => DOCKED.includes(label)).map(({ to, label, icon }) => ({
    to,
    name: t(`admin.nav.${label}`),
    icon,
  }));
  return <DockBar tabs={tabs} home="/admin" load={load} sheet={(sheet) => <More {...sheet} />} />;
}
