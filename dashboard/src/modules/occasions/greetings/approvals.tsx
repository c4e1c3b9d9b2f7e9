import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Users, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { Button } from "@/ui/button";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { type Batch, waiting } from "../data";
import { dayAs } from "../days";
import { useLocale } from "../locale";
import { useGreetingChanges } from "./changes";
import { People } from "./people";

/** What waits for a person: whom it reaches, and yes or no. */
export function Approvals() {
  const { t } = useTranslation();
  const locale = useLocale();
  const approves = useMay("occasions.greetings.approve");
  const { decide } = useGreetingChanges();
  const query = useInfiniteQuery(waiting);
  const [open, setOpen] = useState<Batch>();
  const dayOf = ({ day }: Batch) => dayAs(day, locale, { weekday: "long", day: "numeric", month: "long" });
  const empty = <Empty title={t("occasions.noApprovalsTitle")}>{t("occasions.noApprovalsText")}</Empty>;
  return (
    <Panel label={t("occasions.tab.approvals")} bare>
      <Listed<Batch> query={query} empty={empty}>
        {(items) => (
          <ul>
            {items.map((batch) => {
              const words = { name: batch.greeting_name, day: dayOf(batch) };
              return (
                <li
                  key={batch.id}
                  className="flex items-center gap-2 border-line px-4 py-2.5 not-first:border-t max-md:flex-wrap md:px-[18px]"
                >
                  <div className="min-w-0 flex-1 max-md:basis-full">
                    <bdi className="block truncate text-sm font-[570]">{batch.greeting_name}</bdi>
                    <time dateTime={batch.day} className="block truncate text-cap text-sun-text">
                      {words.day}
                    </time>
                  </div>
                  <Button look="ghost" icon={<Users />} onClick={() => setOpen(batch)}>
                    {t("occasions.whoReads")}
                  </Button>
                  {approves && (
                    <>
                      <Button
                        writes
                        icon={<X />}
                        aria-label={t("occasions.rejectOne", words)}
                        onClick={() => decide.mutate({ batch, approve: false })}
                      >
                        {t("occasions.reject")}
                      </Button>
                      <Button
                        look="primary"
                        icon={<Check />}
                        aria-label={t("occasions.approveOne", words)}
                        onClick={() => decide.mutate({ batch, approve: true })}
                      >
                        {t("occasions.approve")}
                      </Button>
                    </>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Listed>
      <People day={open?.day} only={open?.greeting} drafts={false} onClose={() => setOpen(undefined)} />
    </Panel>
  );
}
