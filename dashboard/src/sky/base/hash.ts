/**
 * A number in [0, 1) that depends on the id alone. Stars take their height from it, so they stay where they are when
 * the page draws again, when more events arrive, and on another person's screen.
 */
export function hash(id: string, salt = 0): number {
  let h = 0x811c9dc5 ^ salt;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  // FNV alone leaves neighbours like "evt_1" and "evt_2" close together; this spreads them.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
}
