import { Building2, Cake, CalendarHeart, Flag, RefreshCw, Sparkles } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PlainLink } from "@/ui/link";
import { nameOf } from "../../contacts/person/named";
import type { Occasion, UpcomingDay, UpcomingOccasion, UpcomingRenewal } from "../data";

const ICONS: Record<Occasion["kind"], ReactNode> = {
  birthday: <Cake />,
  anniversary: <CalendarHeart />,
  renewal: <RefreshCw />,
  milestone: <Flag />,
  custom: <Sparkles />,
};

export function KindIcon({ kind }: { kind: Occasion["kind"] }) {
  return (
    <span aria-hidden="true" className="shrink-0 text-accent-text [&_svg]:size-[15px]">
      {ICONS[kind]}
    </span>
  );
}

/** What is celebrated, with the years if they are known. */
export function useWhat(): (one: Pick<UpcomingOccasion, "kind" | "label" | "years">) => string {
  const { t } = useTranslation();
  return ({ kind, label, years }) => {
    const what = label ?? t(`occasions.kind.${kind}`);
    return years ? `${what}, ${t("occasions.years", { count: years })}` : what;
  };
}

/** An occasion on a day; it leads to whose it is. */
export function Entry({ one, small }: { one: UpcomingOccasion; small?: boolean }) {
  const what = useWhat();
  const look = small
    ? "flex min-h-6 items-center gap-1 truncate rounded-[6px] border-accent border-s-[3px] bg-accent-soft px-1.5 text-cap hover:underline"
    : "flex min-h-11 items-center gap-2.5 rounded-control px-2.5 text-sm hover:bg-hover";
  const inner = small ? (
    <>
      <KindIcon kind={one.kind} />
      <bdi className="min-w-0 truncate" title={`${one.name}, ${what(one)}`}>
        {one.name}
        <span className="sr-only">, {what(one)}</span>
      </bdi>
    </>
  ) : (
    <>
      <KindIcon kind={one.kind} />
      <bdi className="min-w-0 truncate font-[560]">{one.name}</bdi>
      {one.company && <Building2 aria-hidden="true" className="size-3.5 shrink-0 text-muted" />}
      <span className="ms-auto shrink-0 text-muted">{what(one)}</span>
    </>
  );
  if (one.contact)
    return (
      <PlainLink to="/contacts/$id" params={{ id: one.contact }} className={look}>
        {inner}
      </PlainLink>
    );
  return (
    <PlainLink to="/companies/$id" params={{ id: one.company ?? "" }} className={look}>
      {inner}
    </PlainLink>
  );
}

/** A contract that renews or can be ended for the last time, or a service that ends; it leads to whose it is. */
export function Renewal({ one, small }: { one: UpcomingRenewal; small?: boolean }) {
  const { t } = useTranslation();
  const what = t(`occasions.renews.${one.kind}`, { service: one.label ?? "" });
  const look = small
    ? "flex min-h-6 items-center gap-1 truncate rounded-[6px] border-warning border-s-[3px] bg-sunken px-1.5 text-cap hover:underline"
    : "flex min-h-11 items-center gap-2.5 rounded-control px-2.5 text-sm hover:bg-hover";
  const inner = small ? (
    <bdi className="truncate" title={what}>
      {one.name}
      <span className="sr-only">, {what}</span>
    </bdi>
  ) : (
    <>
      <span aria-hidden="true" className="shrink-0 text-warning-text [&_svg]:size-[15px]">
        <RefreshCw />
      </span>
      <bdi className="min-w-0 truncate font-[560]">{one.name}</bdi>
      <bdi className="ms-auto shrink-0 text-muted">{what}</bdi>
    </>
  );
  if (one.deal)
    return (
      <PlainLink to="/deals/$id" params={{ id: one.deal }} className={look}>
        {inner}
      </PlainLink>
    );
  return (
    <PlainLink to="/companies/$id" params={{ id: one.company ?? "" }} className={look}>
      {inner}
    </PlainLink>
  );
}

/** A feast's name in the language of the reader. */
export function useFeastName(): (feast: { name: Record<string, string>; key: string }) => string {
  const { i18n } = useTranslation();
  return ({ name, key }) => name[i18n.language.split("-")[0] ?? "en"] ?? name.en ?? key;
}

export function Feasts({ feasts, small }: { feasts: UpcomingDay["feasts"]; small?: boolean }) {
  const feastName = useFeastName();
  const { i18n } = useTranslation();
  const where = ({ countries }: UpcomingDay["feasts"][number]) =>
    countries.map((code) => nameOf("region", i18n.language, code)).join(", ");
  return feasts.map((feast) => (
    <span
      key={feast.key}
      title={`${feastName(feast)} (${where(feast)})`}
      className={
        small
          ? "block min-h-5 truncate rounded-[6px] border border-line bg-sunken px-1.5 text-cap text-ink-2"
          : "flex min-h-11 items-center gap-2.5 px-2.5 text-sm"
      }
    >
      {small ? (
        feastName(feast)
      ) : (
        <>
          <Sparkles aria-hidden="true" className="size-[15px] shrink-0 text-muted" />
          <span className="min-w-0 truncate">{feastName(feast)}</span>
          <span className="ms-auto min-w-0 max-w-[50%] truncate text-cap text-muted">{where(feast)}</span>
        </>
      )}
    </span>
  ));
}
