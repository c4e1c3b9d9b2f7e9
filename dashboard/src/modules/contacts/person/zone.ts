/** Hours that clocks in a zone are ahead of the reader's own; none when the zone is not known. */
export function offsetOf(zone: string, at: Date): number | undefined {
  try {
    return (minutes(zone, at) + at.getTimezoneOffset()) / 60;
  } catch {
    return undefined;
  }
}

/** Minutes that a zone is ahead of UTC. */
function minutes(zone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", rest = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(rest));
}
