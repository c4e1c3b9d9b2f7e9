/** A moment as a clock on the wall of a zone shows it, for `datetime-local`. */
export function wallClock(at: string | Date, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(at));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "00";
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

/** The moment at which that clock shows this; one that a change of the clocks skips is moved past the gap. */
export function moment(wall: string, zone: string | undefined): string | null {
  const wanted = Date.parse(`${wall}Z`);
  if (!Number.isFinite(wanted)) return null;
  let guess = wanted;
  for (let tries = 0; tries < 3; tries++) {
    const off = Date.parse(`${wallClock(new Date(guess), zone)}Z`) - wanted;
    if (off === 0) break;
    guess -= off;
  }
  return new Date(guess).toISOString();
}
