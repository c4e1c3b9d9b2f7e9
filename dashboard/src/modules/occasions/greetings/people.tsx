import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Empty } from "@/ui/states";
import { simulatedDay } from "../data";
import { dayAs } from "../days";
import { useLocale } from "../locale";

/** Who is greeted on a day, when, and who is left out and why. */
export function People(props: { day: string | undefined; only?: string; drafts: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [last, setLast] = useState(props.day);
  // Its words stay while it goes away.
  if (props.day && props.day !== last) setLast(props.day);
  return (
    <Dialog
      open={props.day !== undefined}
      onClose={props.onClose}
      title={t("occasions.whoReads")}
      lead={last && dayAs(last, locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" })}
      wide
    >
      {last && <Of day={last} only={props.only} drafts={props.drafts} />}
    </Dialog>
  );
}

function Of({ day, only, drafts }: { day: string; only?: string; drafts: boolean }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(simulatedDay(day, drafts, only));
  const { hasNextPage, isFetching, fetchNextPage, data } = query;
  const found = data?.pages.some((page) => page.items.length > 0);
  // A page may be empty and not the last one.
  useEffect(() => {
    if (!found && hasNextPage && !isFetching) void fetchNextPage();
  }, [found, hasNextPage, isFetching, fetchNextPage]);
  return (
    <Listed<Schema["SimulatedSend"]>
      query={query}
      empty={<Empty title={t("occasions.nothingTitle")}>{t("occasions.nineHint")}</Empty>}
    >
      {(items) => (
        <ul className="-mx-2">
          {items.map((one) => (
            <li
              key={`${one.contact}/${one.greeting}`}
              className="flex min-h-11 items-center gap-3 border-line px-2 text-sm not-first:border-t"
            >
              <PlainLink
                to="/contacts/$id"
                params={{ id: one.contact }}
                className="flex min-h-11 min-w-0 flex-1 items-center hover:underline"
              >
                <bdi className="truncate">{one.name}</bdi>
              </PlainLink>
              <span className="min-w-0 truncate text-muted max-md:hidden">{one.greeting_name}</span>
              {one.reason ? (
                <Chip tone="warning">{t(`occasions.reason.${one.reason}`)}</Chip>
              ) : (
                <span className="num shrink-0 text-cap text-muted">{one.zone}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}
