import { clamp, type Point } from "../base/place";

/** How far a tenant's schema is with the current migration. */
export type SchemaState = "current" | "migrating" | "queued" | "failed";
export const STATES: readonly SchemaState[] = ["current", "migrating", "queued", "failed"];

/** One tenant schema. Given oldest first. */
export interface Tenant {
  id: string;
  name: string;
  state: SchemaState;
  /** The database that holds it; above 2,000 tenants there is one dot per shard. */
  shard?: string;
  /** 1 (small) to 4 (large); 2 when absent. */
  weight?: number;
  /** What went wrong. */
  reason?: string;
}

/** A dot: a tenant, or a shard with all its tenants. */
export interface GalaxyDot extends Point {
  id: string;
  name: string;
  state: SchemaState;
  weight: number;
  radius: number;
  reason?: string;
  /** How many tenants the dot stands for. */
  count: number;
  /** How many of them failed. */
  failed: number;
}

export interface GalaxyPlan {
  centre: Point;
  rx: number;
  ry: number;
  dots: GalaxyDot[];
  /** Whether the dots are shards. */
  grouped: boolean;
}

/** More tenants than this are grouped by shard. */
export const MOST_TENANTS = 2000;
const GOLDEN = 2.39996;
const SIZES = [2, 2.3, 2.8, 3.3] as const;
const WORST: readonly SchemaState[] = ["failed", "migrating", "queued", "current"];

/** How many schemas are in each state. */
export function tally(tenants: readonly Tenant[]): Record<SchemaState, number> {
  const counts = { current: 0, migrating: 0, queued: 0, failed: 0 };
  for (const { state } of tenants) counts[state] += 1;
  return counts;
}

type Bare = Omit<GalaxyDot, keyof Point | "radius">;

/** A spiral as in a sunflower: every dot has the same room, the oldest is in the middle. */
export function plan(tenants: readonly Tenant[], width: number, height: number): GalaxyPlan {
  const grouped = tenants.length > MOST_TENANTS;
  const members = grouped ? shards(tenants) : tenants.map(alone);
  const centre = { x: width / 2, y: height / 2 };
  const root = Math.sqrt(Math.max(1, members.length));
  const [roomX, roomY] = [Math.max(10, width / 2 - 18), Math.max(10, height / 2 - 15)];
  const step = Math.min(roomX / 1.22, roomY) / root;
  const stretch = Math.min(1.22, roomX / root / step);
  const largest = Math.max(1, ...members.map(({ count }) => count));
  // Few have more room each, and are drawn a little larger, so that a small fleet is a galaxy too.
  const room = clamp(step / 7.6, 1, 1.6);
  const dots = members.map((member, index): GalaxyDot => {
    const angle = index * GOLDEN;
    const distance = step * Math.sqrt(index + 0.6);
    const natural = grouped
      ? 3 + 9 * Math.sqrt(member.count / largest)
      : (SIZES[Math.min(4, Math.max(1, Math.round(member.weight))) - 1] as number) * room;
    return {
      ...member,
      // Neighbours are about 1.7 steps apart, so dots never touch, however many there are.
      radius: Math.min(natural, step * 0.6),
      x: centre.x + Math.cos(angle) * distance * stretch,
      y: centre.y + Math.sin(angle) * distance,
    };
  });
  return { centre, rx: step * root * stretch, ry: step * root, dots, grouped };
}

const alone = ({ id, name, state, weight = 2, reason }: Tenant): Bare => ({
  id,
  name,
  state,
  weight,
  count: 1,
  failed: state === "failed" ? 1 : 0,
  ...(reason && { reason }),
});

/** One dot per shard in the order of their oldest tenants; the worst state shows. */
function shards(tenants: readonly Tenant[]): Bare[] {
  const found = new Map<string, Bare>();
  for (const { shard = "", state } of tenants) {
    const dot = found.get(shard) ?? { id: shard, name: shard, state, weight: 2, count: 0, failed: 0 };
    if (WORST.indexOf(state) < WORST.indexOf(dot.state)) dot.state = state;
    dot.count += 1;
    if (state === "failed") dot.failed += 1;
    found.set(shard, dot);
  }
  return [...found.values()];
}
