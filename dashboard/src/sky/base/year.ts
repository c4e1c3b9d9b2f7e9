/** Of another year, and too far for its day and month to be known as the next or the last: it is told with its year. */
export const isElsewhere = (then: Date, now: Date): boolean =>
  then.getFullYear() !== now.getFullYear() && Math.abs(now.getTime() - then.getTime()) > 60 * 86_400_000;
