import "../base/base.css";
import "./gravity.css";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { DockEdge } from "./edges";
import { dockTabs } from "./geometry";
import type { NavItem, RenderLink } from "./link";

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

/** A phone's navigation: the bar's edge bends round the open page, which is a planet. */
export function GravityDock({ label, tabs, more, active, link = plain }: GravityDockProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const nav = useRef<HTMLElement>(null);
  return (
    <nav ref={nav} aria-label={label} className="gravity-dock sky-forced">
      <DockEdge nav={nav} active={active} />
      {dockTabs(tabs, more).map(({ key, label: name, href, icon, waiting = 0 }) => (
        <DockLink key={key} link={link} href={href} current={key === active}>
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
  children: ReactNode;
}

const DockLink = ({ link, href, current, children }: DockLinkProps) =>
  link({ href, className: "dock-link", "aria-current": current ? "page" : undefined, children });
