import { Outlet, useLocation } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Me, may, missing, useMe } from "@/app/may";
import { useNotInPlan } from "@/shell/not-in-plan";
import { Page } from "@/shell/page";
import { ButtonLink, Link, PlainLink } from "@/ui/link";
import { Empty } from "@/ui/states";
import { Field, useFound } from "./finder";
import { GROUPS, type Section, sectionAt, sectionsOf } from "./sections";

/** Around every page of the settings: the list of the others beside it, or behind the arrow on phones. */
export function SettingsFrame() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const me = useMe();
  const section = sectionAt(pathname);
  if (!section)
    return (
      <Page title={t("settings.title")} back="/">
        <Outlet />
      </Page>
    );
  const reached = sectionsOf(me).includes(section);
  return (
    <Page
      title={t(`settings.sections.${section.id}.title`)}
      back={pathname === section.to ? "/settings" : section.to}
      crumbs={
        <>
          <Link to="/settings" className="font-[420] text-muted!">
            {t("settings.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          {pathname === section.to ? (
            <b className="truncate font-semibold text-ink">{t(`settings.sections.${section.id}.title`)}</b>
          ) : (
            <Link to={section.to} className="font-[420] text-muted!">
              {t(`settings.sections.${section.id}.title`)}
            </Link>
          )}
        </>
      }
    >
      <div className="grid gap-8 px-7 pt-4 pb-12 max-md:px-4 max-md:pt-2 lg:grid-cols-[216px_minmax(0,1fr)]">
        <Beside />
        <div className="min-w-0">{reached ? <Outlet /> : me && <Refused me={me} needs={section.needs} />}</div>
      </div>
    </Page>
  );
}

function Refused({ me, needs }: { me: Me; needs: string | undefined }) {
  const { t } = useTranslation();
  const notInPlan = useNotInPlan();
  const module = needs && missing(me, needs);
  if (!module)
    return <Empty title={t("error.forbiddenTitle")}>{t("error.forbiddenText", { place: me.tenant.name })}</Empty>;
  const { title, text } = notInPlan(module, me);
  return (
    <Empty
      title={title}
      actions={may(me, "tenants.read") && <ButtonLink to="/settings/plan">{t("error.seePlan")}</ButtonLink>}
    >
      {text}
    </Empty>
  );
}

/** The other pages, to be searched like all of them. */
function Beside() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed);
  const found = useFound(query);
  const list = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  // The list is longer than a low screen: where somebody is shall be seen in it.
  useEffect(() => {
    const [box, here] = [list.current, list.current?.querySelector("[aria-current]")];
    if (!box || !here) return;
    const [frame, item] = [box.getBoundingClientRect(), here.getBoundingClientRect()];
    if (item.bottom > frame.bottom) box.scrollTop += item.bottom - frame.bottom;
    if (item.top < frame.top) box.scrollTop -= frame.top - item.top;
  }, [pathname]);
  const searching = query.trim() !== "";
  return (
    <nav
      aria-label={t("settings.all")}
      className="sticky top-[calc(16px+var(--banner))] flex max-h-[calc(100dvh-110px-var(--banner))] flex-col self-start max-lg:hidden"
    >
      <Field value={typed} onChange={setTyped} className="mb-3" />
      <div ref={list} className="min-h-0 overflow-y-auto [scrollbar-width:none]">
        {searching ? (
          <ul className="flex flex-col gap-px">
            {found.map(({ section, fields }) => (
              <Item key={section.id} section={section} fields={fields.slice(0, 3)} />
            ))}
            {found.length === 0 && (
              <li role="status" className="px-2.5 py-2 text-sm text-muted">
                {t("settings.none", { query: query.trim() })}
              </li>
            )}
          </ul>
        ) : (
          GROUPS.map((group) => {
            const own = found.filter(({ section }) => section.group === group);
            if (own.length === 0) return null;
            return (
              <section key={group} aria-label={t(`settings.groups.${group}`)} className="mb-3">
                <p aria-hidden="true" className="narrow px-2.5 pb-1 text-mic font-[560] text-muted">
                  {t(`settings.groups.${group}`)}
                </p>
                <ul className="flex flex-col gap-px">
                  {own.map(({ section }) => (
                    <Item key={section.id} section={section} />
                  ))}
                </ul>
              </section>
            );
          })
        )}
      </div>
    </nav>
  );
}

function Item({ section, fields }: { section: Section; fields?: string[] }) {
  const { t } = useTranslation();
  const { id, to, icon: Icon } = section;
  return (
    <li>
      <PlainLink
        to={to}
        className="group flex min-h-[34px] items-center gap-2.5 rounded-[8px] px-2.5 py-1 text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-selected aria-[current]:font-[590] aria-[current]:text-ink coarse:min-h-11"
      >
        <Icon
          aria-hidden="true"
          className="size-4 shrink-0 stroke-[1.75] text-muted group-aria-[current]:text-accent-text"
        />
        <span className="min-w-0">
          <span className="block truncate">{t(`settings.sections.${id}.title`)}</span>
          {fields && fields.length > 0 && (
            <span className="block truncate text-cap text-muted">{fields.join(", ")}</span>
          )}
        </span>
      </PlainLink>
    </li>
  );
}
