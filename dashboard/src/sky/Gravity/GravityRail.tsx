import "../base/base.css";
import "./gravity.css";
import { type ReactNode, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { RailEdge } from "./edges";
import type { NavGroup, NavItem, RenderLink } from "./link";

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

/** Navigation whose edge bends round the open page, as space does round mass. */
export function GravityRail({ label, groups, active, link = plain, head, foot }: GravityRailProps) {
  const id = useId();
  const nav = useRef<HTMLElement>(null);
  return (
    <div className="gravity-rail sky-forced">
      {head}
      <nav ref={nav} aria-label={label} className="gravity-nav">
        {groups.map((group, index) => (
          <Group key={group.label ?? index} id={`${id}${index}`} group={group} active={active} link={link} />
        ))}
      </nav>
      {foot && <div className="gravity-foot">{foot}</div>}
      <RailEdge nav={nav} active={active} />
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
