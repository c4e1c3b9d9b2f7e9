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

/** How much waits for this person in a place. A sun is what he promised or has to decide; the rest is quiet. */
export function Waiting(props: { what: NonNullable<Place["waits"]>; id: string; className: string }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const waits = useQuery(counts).data?.[props.what] ?? 0;
  if (waits === 0) return null;
  return (
    <>
      <span
        aria-hidden="true"
        className={clsx(
          "num grid h-[17px] min-w-[18px] place-items-center rounded-full px-[5px] text-mic leading-none",
          props.what === "deals" ? "bg-raised font-[570] text-ink-2" : "bg-sun font-[680] text-on-sun",
          props.className,
        )}
      >
        {waits > 99 ? `${count(99)}+` : count(waits)}
      </span>
      <span hidden id={props.id}>
        {t(`home.waits.${props.what}`, { count: waits })}
      </span>
    </>
  );
}
