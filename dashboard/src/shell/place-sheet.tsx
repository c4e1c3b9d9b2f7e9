import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/dialog";

const look =
  "flex min-h-[52px] w-full min-w-0 items-center gap-3 rounded-control px-3 text-start text-[15px] text-ink-2 active:bg-hover aria-[current]:bg-selected aria-[current]:font-semibold aria-[current]:text-ink [&_svg]:size-[21px] [&_svg]:shrink-0 [&_svg]:stroke-[1.75] [&_svg]:text-muted aria-[current]:[&_svg]:text-accent-text";

/** What the dock of a phone has no room for: every place there is, in the groups of the rail. */
export function PlaceSheet(props: { open: boolean; onClose: () => void; lead: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Dialog open={props.open} onClose={props.onClose} title={t("nav.all")} lead={props.lead}>
      <nav aria-label={t("nav.all")} className="-mx-2 -mb-2">
        {props.children}
      </nav>
    </Dialog>
  );
}

/** Places that belong together. */
export function SheetGroup({ title, children }: { title?: string | undefined; children: ReactNode }) {
  return (
    <div {...(title && { role: "group", "aria-label": title })}>
      {title && (
        <p aria-hidden="true" className="narrow px-3 pt-3 pb-1 text-cap font-[560] text-muted">
          {title}
        </p>
      )}
      <div className="grid grid-cols-2 gap-x-1.5 gap-y-0.5">{children}</div>
    </div>
  );
}

export function SheetLink<To extends string>(props: {
  to: To;
  exact?: boolean;
  icon: LucideIcon;
  name: string;
  /** What waits there for somebody. */
  note?: ReactNode;
  /** The id of words about what waits. */
  describedBy?: string | undefined;
  onClose: () => void;
}) {
  const { icon: Icon } = props;
  return (
    <Link
      to={props.to as string}
      activeOptions={{ exact: props.exact ?? false, includeSearch: false }}
      aria-describedby={props.describedBy}
      className={look}
      onClick={props.onClose}
    >
      <Icon aria-hidden="true" />
      <span className="min-w-0 truncate">{props.name}</span>
      {props.note}
    </Link>
  );
}

/** What is done rather than gone to. */
export function SheetButton({ icon, children, ...rest }: ComponentProps<"button"> & { icon: ReactNode }) {
  return (
    <button {...rest} type="button" className={look}>
      {icon}
      <span className="min-w-0 truncate">{children}</span>
    </button>
  );
}
