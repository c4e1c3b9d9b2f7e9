import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Client } from "./data";

/** How much of the limit that is nearest to its end is used; a client whose plan limits nothing has none. */
export const nearest = ({ limits }: Client): number => (limits[0] ? limits[0].used / limits[0].most : -1);

/** That limit: of what, how much of it, and a bar. */
export function Nearest({ client }: { client: Client }) {
  const { t, i18n } = useTranslation();
  const { count, locale } = useFormats();
  const limit = client.limits[0];
  if (!limit) return <span className="text-muted">–</span>;
  const part = limit.used / limit.most;
  const tone = part < 0.8 ? "bg-accent" : part < 1 ? "bg-warning" : "bg-danger";
  const name = i18n.exists(`clients.limits.${limit.limit}`)
    ? t(`clients.limits.${limit.limit}` as "clients.limits.members")
    : limit.limit;
  return (
    <span className="block w-[104px]" title={t("clients.usedOf", { used: count(limit.used), most: count(limit.most) })}>
      <span className="flex justify-between gap-2 text-[12.5px] text-muted">
        <span className="truncate">{name}</span>
        <span className="num">
          {new Intl.NumberFormat(locale, { style: "percent", roundingMode: "floor" }).format(part)}
        </span>
      </span>
      <span aria-hidden="true" className="mt-1 block h-1 overflow-hidden rounded-full bg-line">
        <span className={`block h-full rounded-full ${tone}`} style={{ width: `${Math.min(100, part * 100)}%` }} />
      </span>
    </span>
  );
}
