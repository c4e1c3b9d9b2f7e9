import "./gravity.css";
import { type ReactNode, type RefObject, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useBox } from "../base/useBox";
import { bend, DEPTH, railEdge } from "./geometry";
import type { NavGroup, NavItem, RenderLink } from "./link";
import { traveller } from "./travel";

export interface GravityRailProps {
  /** Name of the navigation ("Main"). */
  label: string;
  groups: readonly NavGroup[];
  /** Key of the page that is open. */
  active: string | undefined;
  link?: RenderLink;
  /** Above the links: whose workspace this is. */
  head?: ReactNode;
  /** Below them: the day's strip, use of the plan. */
  foot?: ReactNode;
}

const plain: RenderLink = (props) => <a {...props} />;
/** Where the line stands in the drawing, 14 px of which lie over the rail. */
const LINE_X = 14;

/** Navigation whose edge bends round the open page, as space does round mass. */
export function GravityRail({ label, groups, active, link = plain, head, foot }: GravityRailProps) {
  const id = useId();
  const [box, { height, width }] = useBox<HTMLDivElement>();
  const rail = useRef<HTMLDivElement>(null);
  const place = useCallback(
    (element: HTMLDivElement | null) => {
      rail.current = element;
      return box(element);
    },
    [box],
  );
  useGravity(rail, active, height + width);
  return (
    <div ref={place} className="gravity-rail sky-forced">
      {head}
      <nav aria-label={label} className="gravity-nav">
        {groups.map((group, index) => (
          <Group key={group.label ?? index} id={`${id}${index}`} group={group} active={active} link={link} />
        ))}
      </nav>
      {foot && <div className="gravity-foot">{foot}</div>}
      <svg className="gravity-edge" aria-hidden="true">
        <defs>
          <linearGradient id={`${id}fade`} x1="0" x2="0" y1="0" y2="1">
            {[0, 1, 1, 0].map((opacity, k) => (
              <stop key={k} offset={[0, 0.35, 0.65, 1][k]} stopColor="var(--accent-line)" stopOpacity={opacity} />
            ))}
          </linearGradient>
        </defs>
        <path data-line="" className="gravity-line" />
        {/* The echoes do not change shape, they only move. */}
        <g data-bend="">
          <path d={bend(LINE_X, 0)} stroke={`url(#${id}fade)`} className="gravity-near" />
          <path d={bend(LINE_X + 4.5, 0, DEPTH + 1, 0.62)} stroke={`url(#${id}fade)`} opacity=".5" />
          <path d={bend(LINE_X + 9, 0, DEPTH + 1, 0.44)} stroke={`url(#${id}fade)`} opacity=".25" />
        </g>
      </svg>
      <span className="gravity-planet" data-planet="" aria-hidden="true" />
    </div>
  );
}

function Group({
  id,
  group,
  active,
  link,
}: {
  id: string;
  group: NavGroup;
  active: string | undefined;
  link: RenderLink;
}) {
  return (
    <div className="gravity-group">
      {group.label && <h2 id={id}>{group.label}</h2>}
      <ul aria-labelledby={group.label ? id : undefined}>
        {group.items.map((item) => (
          <li key={item.key}>
            {link({
              href: item.href,
              className: "gravity-link",
              "aria-current": item.key === active ? "page" : undefined,
              "data-key": item.key,
              children: <Inside item={item} />,
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Inside({ item: { icon, label, count, waiting = 0 } }: { item: NavItem }) {
  const { t, i18n } = useTranslation("translation", { keyPrefix: "sky" });
  return (
    <>
      {icon}
      <span className="gravity-label">{label}</span>
      {waiting > 0 ? (
        <span className="gravity-waiting">
          <span aria-hidden="true">{waiting > 99 ? "99+" : waiting}</span>
          <span className="sky-spoken">{t("rail.waiting", { count: waiting })}</span>
        </span>
      ) : (
        count !== undefined && <span className="gravity-count">{count.toLocaleString(i18n.language)}</span>
      )}
    </>
  );
}

/** Bends the line round the active link and takes the planet there; follows scrolling at once and navigation in time. */
function useGravity(rail: RefObject<HTMLDivElement | null>, active: string | undefined, size: number): void {
  const journey = useMemo(() => traveller((y) => rail.current && draw(rail.current, y)), [rail]);
  const target = useCallback(() => {
    const link = active === undefined ? null : rail.current?.querySelector(`[data-key="${CSS.escape(active)}"]`);
    if (!link || !rail.current) return undefined;
    const { top, height } = link.getBoundingClientRect();
    return top - rail.current.getBoundingClientRect().top + height / 2;
  }, [rail, active]);
  useLayoutEffect(() => {
    journey.go(target());
    return journey.stop;
  }, [journey, target]);
  // In another size the links stand elsewhere; that is no journey.
  useLayoutEffect(() => journey.jump(target()), [size]);
  useEffect(() => {
    const root = rail.current;
    const scrolled = () => journey.jump(target());
    root?.addEventListener("scroll", scrolled, { capture: true, passive: true });
    return () => root?.removeEventListener("scroll", scrolled, { capture: true });
  }, [rail, journey, target]);
}

function draw(root: HTMLElement, y: number | undefined): void {
  root.querySelector("[data-line]")?.setAttribute("d", railEdge(LINE_X, y, root.clientHeight));
  root.querySelector("[data-bend]")?.setAttribute("transform", `translate(0 ${y ?? 0})`);
  root.querySelector<HTMLElement>("[data-planet]")?.style.setProperty("transform", `translateY(${y ?? 0}px)`);
  root.toggleAttribute("data-massless", y === undefined || y < 0 || y > root.clientHeight);
}
