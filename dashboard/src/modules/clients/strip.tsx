import { useMemo } from "react";
import { useFormats } from "@/i18n/format";
import { ActivityStrip } from "@/sky/ActivityStrip/ActivityStrip";
import { dayOf } from "@/sky/base/time";
import { useMinute } from "@/sky/base/useMinute";
import type { Client } from "./data";
import { weekDots } from "./week";

const DAY = 86_400_000;

/** What went on at a client in seven days, in the agency's time zone. */
export function WeekStrip({ client: { id, week } }: { client: Pick<Client, "id" | "week"> }) {
  const { zone } = useFormats();
  const now = useMinute();
  const since = useMemo(() => {
    if (!zone) return 0;
    // Noon of the first day is on that date whatever the clocks did since.
    return dayOf(dayOf(now, zone)[0] + DAY / 2 - 6 * DAY, zone)[0];
  }, [now, zone]);
  const dots = useMemo(() => weekDots(id, week.parts, since), [id, week.parts, since]);
  return (
    <span className="block h-[26px] w-full">
      {zone && <ActivityStrip events={dots} now={now} zone={zone} days={7} height={26} />}
    </span>
  );
}
