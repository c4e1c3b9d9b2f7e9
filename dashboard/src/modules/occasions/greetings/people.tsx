import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Empty } from "@/ui/states";
import { type Send, sendsOn, simulatedDay } from "../data";
import { dayAs } from "../days";
import { useLocale } from "../locale";
import { useGreetingChanges } from "./changes";

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
  const writes = useMay("occasions.greetings.write");
  const { mark } = useGreetingChanges();
  const { data: became = [] } = useQuery(sendsOn(day));
  const sendOf = (one: Schema["SimulatedSend"]): Send | undefined =>
    became.find((send) => send.contact === one.contact && send.greeting === one.greeting && send.state === "sent");
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
              <Became one={one} send={sendOf(one)} />
              {writes && !sendOf(one) && (
                <IconButton
                  small
                  writes
                  label={t("occasions.markOne", { name: one.name, greeting: one.greeting_name })}
                  disabled={mark.isPending}
                  onClick={() => mark.mutate({ greeting: one.greeting, contact: one.contact, day })}
                >
                  <Check />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}

/** What became of it already, or what will. */
function Became({ one, send }: { one: Schema["SimulatedSend"]; send: Send | undefined }) {
  const { t } = useTranslation();
  if (send) return <Chip tone="success">{t(send.done_by ? "occasions.byHand" : "occasions.sentState.sent")}</Chip>;
  if (one.reason) return <Chip tone="warning">{t(`occasions.reason.${one.reason}`)}</Chip>;
  return <span className="num shrink-0 text-cap text-muted">{one.zone}</span>;
}
