import { useIsFetching, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { plannedOf, timedTasks, today } from "@/modules/home/data";
import { DayLine } from "@/sky/DayLine/DayLine";
import { useMinute } from "@/sky/base/useMinute";

/** What stands on the horizon: the line of the day, and what is read again. */
export function Day() {
  const { zone, dayKey } = useFormats();
  const now = useMinute();
  const router = useRouter();
  const me = useMe();
  const [reads, works] = [useMay("activities.read"), useMay("tasks.read")];
  const date = dayKey(new Date(now));
  const { data } = useQuery({ ...today(date), enabled: reads && zone !== undefined });
  const tasks = useQuery({ ...timedTasks(date, me?.user?.id), enabled: works && zone !== undefined }).data;
  const events = useMemo(
    () => plannedOf(data?.plans ?? [], tasks ?? [], now).map(({ name, ...plan }) => ({ ...plan, person: name })),
    [data, tasks, now],
  );
  const busy = useIsFetching({ predicate: (query) => query.state.data !== undefined }) > 0;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(busy), busy ? 300 : 0);
    return () => clearTimeout(timer);
  }, [busy]);
  return (
    <>
      {zone && <DayLine now={now} zone={zone} events={events} onOpen={(href) => router.history.push(href)} />}
      {shown && (
        <span aria-hidden="true" className="absolute inset-x-0 bottom-0 block h-0.5 overflow-hidden">
          <span className="block h-full w-1/3 animate-[glide_1.4s_var(--ease-transfer)_8] bg-linear-to-r from-transparent via-accent to-transparent" />
        </span>
      )}
    </>
  );
}
