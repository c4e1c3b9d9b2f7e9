import { queryOptions, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import type { Place } from "./places";

const counts = queryOptions({
  queryKey: ["counts"],
  queryFn: ({ signal }) => ok(api.GET("/v1/counts", { params: { query: { mine: true } }, signal })),
  staleTime: 60_000,
  // Something falls due without anybody doing anything.
  refetchInterval: 5 * 60_000,
});

/** How much a place holds. A list says it too, but nobody is to open one for that. */
const total = (of: NonNullable<Place["counted"]>) =>
  queryOptions({
    queryKey: ["totals", of],
    queryFn: async ({ signal }) => {
      if (of === "contacts") return ok(api.GET("/v1/contacts/count", { params: { query: {} }, signal }));
      if (of === "companies") return ok(api.GET("/v1/companies/count", { params: { query: {} }, signal }));
      return ok(api.GET("/v1/deals/count", { params: { query: { filter: ["status:eq:open"] } }, signal }));
    },
    staleTime: 5 * 60_000,
    refetchInterval: 5 * 60_000,
  });

interface Props {
  what?: Place["waits"];
  counted?: Place["counted"];
  id: string;
  className: string;
}

/**
 * How much waits for this person in a place. A sun is what he promised or has to decide; the rest is quiet. Where nothing
 * waits stands how much there is.
 */
export function Waiting({ what, counted, ...rest }: Props) {
  const known = useQuery({ ...counts, enabled: what !== undefined });
  const waits = what ? (known.data?.[what] ?? 0) : 0;
  if (what && waits > 0) return <Waits what={what} count={waits} {...rest} />;
  return counted && !known.isLoading ? <Holds counted={counted} {...rest} /> : null;
}

function Waits({
  what,
  count: waits,
  id,
  className,
}: Pick<Props, "id" | "className"> & { what: NonNullable<Place["waits"]>; count: number }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  return (
    <>
      <span
        aria-hidden="true"
        className={clsx(
          "num grid h-[17px] min-w-[18px] place-items-center rounded-full px-[5px] text-mic leading-none",
          what === "deals" ? "bg-raised font-[570] text-ink-2" : "bg-sun font-[680] text-on-sun",
          className,
        )}
      >
        {waits > 99 ? `${count(99)}+` : count(waits)}
      </span>
      <span hidden id={id}>
        {t(`home.waits.${what}`, { count: waits })}
      </span>
    </>
  );
}

function Holds({
  counted,
  id,
  className,
}: Pick<Props, "id" | "className"> & { counted: NonNullable<Place["counted"]> }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { data } = useQuery(total(counted));
  if (!data || data.count === 0) return null;
  const short = data.count >= 100_000 && ({ notation: "compact", maximumSignificantDigits: 3 } as const);
  const said = new Intl.NumberFormat(locale, short || {}).format(data.count);
  return (
    <>
      <span aria-hidden="true" className={clsx("num pe-1 text-cap text-muted md:slim:hidden!", className)}>
        {said}
      </span>
      <span hidden id={id}>
        {t("home.holds", { total: said })}
      </span>
    </>
  );
}
