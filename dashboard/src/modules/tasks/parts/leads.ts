/** How long before it is due somebody can be reminded, in minutes: four weeks. */
export const FARTHEST = 40_320;
/** Most reminders of a task. */
export const MOST_REMINDERS = 5;
const DAY = 1440;

export const UNITS = { minutes: 1, hours: 60, days: DAY, weeks: 7 * DAY } as const;
export type Unit = keyof typeof UNITS;
export const UNIT_NAMES = Object.keys(UNITS) as Unit[];

/** So long before a time. */
export interface Lead {
  amount: number;
  unit: Unit;
}

/** Minutes before a time, in the largest unit that says them. */
export function leadOf(minutes: number): Lead {
  const unit = UNIT_NAMES.findLast((name) => minutes > 0 && minutes % UNITS[name] === 0) ?? "minutes";
  return { amount: minutes / UNITS[unit], unit };
}

/** Minutes of a lead, as far as they are allowed. */
export const minutesOf = ({ amount, unit }: Lead): number => Math.min(amount * UNITS[unit], FARTHEST);

/** So many days before, at a time of the day. */
export interface Morning {
  days: number;
  time: string;
}

/** Minutes before the end of a day, as a day and a time; the end itself is the last minute before it. */
export function morningOf(minutes: number): Morning {
  const before = Math.max(1, minutes);
  const days = Math.floor((before - 1) / DAY);
  const at = (days + 1) * DAY - before;
  const two = (n: number) => String(n).padStart(2, "0");
  return { days, time: `${two(Math.floor(at / 60))}:${two(at % 60)}` };
}

/** Minutes before the end of a day, as far as they are allowed. */
export function minutesBefore({ days, time }: Morning): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return Math.min((days + 1) * DAY - hour * 60 - minute, FARTHEST);
}

/** What is offered first: an hour, a day; without a time nine in the morning of the day, and of those before it. */
const FIRST = [60, 1440, 10, 0, 10_080];
const FIRST_OF_DAY = [900, 2340, 3780, 10_980, 5220];

/** The next reminder to offer: one that there is not. */
export const another = (there: readonly number[], timed: boolean): number =>
  (timed ? FIRST : FIRST_OF_DAY).find((minutes) => !there.includes(minutes)) ?? 30;
