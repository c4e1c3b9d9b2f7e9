import { useQuery } from "@tanstack/react-query";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { taskCounts } from "@/modules/home/data";

/** How many tasks wait for this person by the end of the day; the overview says it to whoever listens. */
export function Waiting() {
  const { count } = useFormats();
  const user = useMe()?.user?.id;
  const { data } = useQuery({ ...taskCounts(user), enabled: user !== undefined });
  const due = (data?.overdue ?? 0) + (data?.today ?? 0);
  if (due === 0) return null;
  return (
    <span
      aria-hidden="true"
      className="num grid h-[17px] min-w-[18px] place-items-center rounded-full bg-sun px-[5px] text-mic leading-none font-[680] text-on-sun slim:absolute slim:ms-7 slim:-mt-4 broad:ms-auto"
    >
      {due > 99 ? `${count(99)}+` : count(due)}
    </span>
  );
}
