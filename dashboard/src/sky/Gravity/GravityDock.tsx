import "./gravity.css";
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useBox } from "../base/useBox";
import { dockBend, dockEdge, dockTabs } from "./geometry";
import type { NavItem, RenderLink } from "./link";
import { traveller } from "./travel";

export interface GravityDockProps {
  /** Name of the navigation ("Main"). */
  label: string;
  tabs: readonly NavItem[];
  /** Stands for what does not fit; always the last. */
  more?: NavItem;
  active: string | undefined;
  link?: RenderLink;
}

const plain: RenderLink = (props) => <a {...props} />;
/** How far the drawing reaches above the bar. */
const ABOVE = 18;

/** A phone's navigation: the bar's edge bends round the open page, which is a planet. */
export function GravityDock({ label, tabs, more, active, link = plain }: GravityDockProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const [box, { width, height }] = useBox<HTMLElement>();
  const bar = useRef<HTMLElement>(null);
  const place = useCallback(
    (element: HTMLElement | null) => {
      bar.current = element;
      return box(element);
    },
    [box],
  );
  const journey = useMemo(() => traveller((x) => bar.current && draw(bar.current, x)), []);
  const target = useCallback(() => {
    const tab = active === undefined ? null : bar.current?.querySelector(`[data-key="${CSS.escape(active)}"]`);
    if (!tab || !bar.current) return undefined;
    const { left, width: wide } = tab.getBoundingClientRect();
    return left - bar.current.getBoundingClientRect().left + wide / 2;
  }, [active]);
  useLayoutEffect(() => {
    journey.go(target());
    return journey.stop;
  }, [journey, target]);
  // In another size the links stand elsewhere; that is no journey.
  useLayoutEffect(() => journey.jump(target()), [width, height]);
  return (
    <nav ref={place} aria-label={label} className="gravity-dock sky-forced">
      <svg aria-hidden="true">
        <path data-fill="" className="dock-fill" />
        <path data-line="" className="dock-line" />
        <path data-bend="" className="dock-near" />
      </svg>
      {dockTabs(tabs, more).map(({ key, label: name, href, icon, waiting = 0 }) => (
        <DockLink key={key} link={link} href={href} current={key === active} id={key}>
          <span className="dock-body">
            {icon}
            {waiting > 0 && (
              <span className="dock-waiting">
                <span aria-hidden="true">{waiting > 99 ? "99+" : waiting}</span>
                <span className="sky-spoken">{t("rail.waiting", { count: waiting })}</span>
              </span>
            )}
          </span>
          <span className="dock-label">{name}</span>
        </DockLink>
      ))}
    </nav>
  );
}

interface DockLinkProps {
  link: RenderLink;
  href: string;
  current: boolean;
  id: string;
  children: ReactNode;
}

function draw(root: HTMLElement, x: number | undefined): void {
  const edge = dockEdge(root.clientWidth, x, ABOVE);
  const set = (part: string, d: string) => root.querySelector(`[data-${part}]`)?.setAttribute("d", d);
  set("fill", `${edge}V${root.clientHeight + ABOVE}H-10Z`);
  set("line", edge);
  set("bend", x === undefined ? "" : dockBend(x, ABOVE));
}

const DockLink = ({ link, href, current, id, children }: DockLinkProps) =>
  link({ href, className: "dock-link", "aria-current": current ? "page" : undefined, "data-key": id, children });
