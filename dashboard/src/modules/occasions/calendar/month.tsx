import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { UpcomingDay } from "../data";
import { dayAs, daysOf } from "../days";
import { left } from "./agenda";
import { Entry, Feasts, Renewal } from "./entry";

interface Props {
  days: readonly UpcomingDay[];
  span: { from: string; to: string };
  on: string;
  today: string;
  locale: string;
  onOpen: (day: string) => void;
}

/** A month as a table of weeks. On phones each day shows how much there is, and opens. */
export function Month({ days, span, on, today, locale, onOpen }: Props) {
  const known = useMemo(() => new Map(days.map((day) => [day.day, day])), [days]);
  const all = daysOf(span.from, span.to);
  const weeks = Array.from({ length: all.length / 7 }, (_, n) => all.slice(n * 7, n * 7 + 7));
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 overflow-hidden rounded-panel border border-line bg-surface shadow-1">
      <thead>
        <tr>
          {all.slice(0, 7).map((day) => (
            <th key={day} scope="col" className="h-9 border-line border-b text-center text-cap font-[520] text-muted">
              <span aria-hidden="true">{dayAs(day, locale, { weekday: "short" })}</span>
              <span className="sr-only">{dayAs(day, locale, { weekday: "long" })}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <Cell
                key={day}
                day={day}
                what={known.get(day)}
                outside={day.slice(0, 7) !== on.slice(0, 7)}
                isToday={day === today}
                locale={locale}
                onOpen={onOpen}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell(props: {
  day: string;
  what: UpcomingDay | undefined;
  outside: boolean;
  isToday: boolean;
  locale: string;
  onOpen: (day: string) => void;
}) {
  const { day, what, outside, isToday, locale, onOpen } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const words = dayAs(day, locale, { weekday: "long", day: "numeric", month: "long" });
  const count = (what?.count ?? 0) + (what?.renewal_count ?? 0) + (what?.feasts.length ?? 0);
  const more = what ? left(what) : 0;
  return (
    <td
      className={`h-[104px] border-line border-b p-1 align-top not-last:border-e max-md:h-[62px] max-md:p-0 ${outside ? "bg-sunken" : ""}`}
    >
      <button
        type="button"
        onClick={() => onOpen(day)}
        aria-label={t("occasions.onDay", { day: words, count })}
        aria-current={isToday ? "date" : undefined}
        className="flex min-h-7 w-full items-start rounded-[8px] px-1 text-start hover:bg-hover max-md:h-[60px] max-md:flex-col max-md:items-center max-md:pt-1.5"
      >
        <span
          className={`num grid size-6 place-items-center rounded-full text-[12.5px] ${
            isToday ? "bg-sun font-[620] text-on-sun" : outside ? "text-muted" : "text-ink-2"
          }`}
        >
          {formats.count(Number(day.slice(8)))}
        </span>
        {count > 0 && (
          <span aria-hidden="true" className="mt-1 flex gap-[3px] md:hidden">
            {(what?.count ?? 0) > 0 && <span className="size-[7px] rounded-full bg-accent" />}
            {(what?.renewal_count ?? 0) > 0 && <span className="size-[7px] rounded-full bg-warning" />}
            {(what?.feasts.length ?? 0) > 0 && <span className="size-[7px] rounded-full border border-control" />}
          </span>
        )}
      </button>
      {what && (
        <div className="mt-0.5 flex flex-col gap-0.5 max-md:hidden">
          <Feasts feasts={what.feasts.slice(0, 2)} small />
          {what.occasions.map((one) => (
            <Entry key={one.id} one={one} small />
          ))}
          {what.renewals.map((one, index) => (
            <Renewal key={index} one={one} small />
          ))}
          {more > 0 && (
            <button
              type="button"
              onClick={() => onOpen(day)}
              className="min-h-6 rounded-[6px] px-1.5 text-start text-cap text-muted hover:bg-hover hover:text-ink"
            >
              {t("occasions.more", { count: more })}
            </button>
          )}
        </div>
      )}
    </td>
  );
}
