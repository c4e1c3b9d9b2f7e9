/** Days until something ends, those that have begun included; none when it has ended. */
export const daysLeft = (endsAt: string, now = Date.now()): number =>
  Math.max(0, Math.ceil((Date.parse(endsAt) - now) / 86_400_000));
