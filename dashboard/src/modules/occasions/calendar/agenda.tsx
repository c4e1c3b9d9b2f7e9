import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { plus } from "../../tasks/when";
import type { UpcomingDay } from "../data";
import { dayAs } from "../days";
import { Entry, Feasts, Renewal } from "./entry";

/** How much there is besides what is named. */
export const left = (day: UpcomingDay) => day.count - day.occasions.length + day.renewal_count - day.renewals.length;

interface Props {
  days: readonly UpcomingDay[];
  today: string;
  locale: string;
  /** The next seven days stand apart from those after them. */
  halves: boolean;
  from: string;
  /** More of a day is on its way. */
  busy?: boolean;
  /** Shows more of a day; absent when there is no more to show than how much it is. */
  onOpen?: (day: string) => void;
}

/** What there is, day after day. */
export function Agenda({ days, today, locale, halves, from, busy, onOpen }: Props) {
  const { t } = useTranslation();
  const week = plus(from, 7);
  const parts = halves
    ? [
        { key: "in7", title: t("occasions.in7"), days: days.filter(({ day }) => day < week) },
        { key: "in30", title: t("occasions.in30"), days: days.filter(({ day }) => day >= week) },
      ]
    : [{ key: "all", title: undefined, days }];
  return parts
    .filter((part) => part.days.length > 0)
    .map((part) => (
      <Panel key={part.key} title={part.title} flush className="not-first:mt-4">
        <ul className="px-2 pb-2 md:px-2.5">
          {part.days.map((day) => (
            <li key={day.day} className="flex gap-3 border-line py-1.5 not-first:border-t max-md:flex-col max-md:gap-0">
              <time
                dateTime={day.day}
                className={`w-36 shrink-0 px-2 text-sm md:flex md:h-11 md:items-center max-md:pt-[11px] ${day.day === today ? "font-[590] text-sun-text" : "text-muted"}`}
              >
                {day.day === today
                  ? t("occasions.today")
                  : dayAs(day.day, locale, { weekday: "short", day: "numeric", month: "short" })}
              </time>
              <div className="min-w-0 flex-1">
                <Feasts feasts={day.feasts} />
                {day.occasions.map((one) => (
                  <Entry key={one.id} one={one} />
                ))}
                {day.renewals.map((one, index) => (
                  <Renewal key={index} one={one} />
                ))}
                {left(day) > 0 && (
                  <Button look="ghost" busy={busy} disabled={!onOpen} onClick={() => onOpen?.(day.day)}>
                    {t("occasions.more", { count: left(day) })}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      </Panel>
    ));
}
