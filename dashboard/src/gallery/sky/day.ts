import type { Deal, OrbitStage, SkyDay, Stage, StarEvent, StarKind, Tenant } from "@/sky";

/** A day in Vienna without a change of clocks. */
export const ZONE = "Europe/Vienna";
const MIDNIGHT = Date.parse("2026-03-12T00:00:00+01:00");
const HOUR = 3_600_000;
/** Milliseconds at an hour of that day. */
export const at = (hour: number): number => MIDNIGHT + hour * HOUR;
export const NOW = at(14 + 1 / 3);

const TOUCHES: [hour: number, weight: number, kind: StarKind][] = [
  [6.23, 1, "message"],
  [6.61, 1, "message"],
  [7.43, 3, "message"],
  [7.85, 1, "message"],
  [7.4, 1, "review"],
  [7.67, 2, "lead"],
  [8.02, 2, "message"],
  [8.49, 2, "lead"],
  [8.23, 1, "message"],
  [8.13, 2, "order"],
  [8.95, 2, "order"],
  [8.43, 2, "message"],
  [9.28, 1, "message"],
  [9.88, 2, "message"],
  [9.46, 1, "message"],
  [9.14, 1, "message"],
  [9.72, 2, "lead"],
  [9.86, 3, "message"],
  [9.85, 3, "order"],
  [9.11, 2, "message"],
  [10.71, 2, "message"],
  [10.66, 2, "message"],
  [10.09, 2, "message"],
  [10.42, 3, "message"],
  [10.1, 1, "order"],
  [10.22, 1, "lead"],
  [10.73, 2, "message"],
  [11.72, 3, "message"],
  [11.45, 2, "message"],
  [11.28, 1, "message"],
  [11.93, 1, "lead"],
  [11.28, 2, "message"],
  [11.33, 2, "message"],
  [11.38, 1, "message"],
  [12.75, 2, "lead"],
  [12.08, 2, "order"],
  [12.16, 1, "message"],
  [12.23, 2, "order"],
  [12.67, 1, "message"],
  [12.99, 2, "lead"],
  [12.57, 1, "lead"],
  [12.49, 1, "lead"],
  [12.23, 2, "message"],
  [13.72, 3, "message"],
  [14.0, 2, "message"],
  [13.74, 1, "message"],
  [13.55, 2, "message"],
  [13.39, 1, "order"],
  [8.6, 3, "lead"],
  [9.7, 2, "message"],
  [10.75, 2, "message"],
  [11.9, 4, "order"],
  [12.9, 2, "message"],
  [7.3, 3, "review"],
  [13.6, 3, "order"],
  [11.1, 3, "lead"],
  [16.4, 1, "message"],
  [17.0, 2, "message"],
  [18.0, 2, "lead"],
  [18.0, 1, "message"],
  [19.5, 2, "message"],
];

export const stars: StarEvent[] = TOUCHES.map(([hour, weight, kind], index) => ({
  id: `evt_${index}`,
  at: at(hour),
  weight,
  kind,
  title: `Contact ${index + 1}`,
  href: `#event-${index}`,
}));

export const day: SkyDay = {
  now: NOW,
  zone: ZONE,
  stars,
  bodies: [
    { id: "a1", at: at(9), title: "Stand-up", href: "#a1" },
    { id: "a2", at: at(10.5), title: "Call, Sable Coffee", href: "#a2" },
    { id: "a3", at: at(12), title: "Fitting, Leo Marsh", href: "#a3" },
    { id: "a4", at: at(15), title: "Fitting, Priya Raman", href: "#a4" },
    { id: "a5", at: at(16), title: "Call, Lowland Couriers", href: "#a5" },
    { id: "a6", at: at(17.5), title: "Collection, Noor Hadid", href: "#a6" },
  ],
  constellation: {
    contactId: "priya",
    label: "Priya Raman",
    note: "5 touches, deposit paid",
    eventIds: ["evt_48", "evt_49", "evt_50", "evt_51", "evt_52"],
  },
};

const many = (count: number): StarEvent[] =>
  Array.from({ length: count }, (_, k) => ({
    id: `busy_${k}`,
    at: at(6 + ((k * 7919) % 900) / 60),
    weight: 1 + (k % 7 === 0 ? 2 : k % 3 === 0 ? 1 : 0),
    kind: (["lead", "message", "message", "order", "review"] as const)[k % 5] as StarKind,
  }));

export const days: Record<string, SkyDay> = {
  "An empty day": { now: at(8.2), zone: ZONE, stars: [], bodies: [] },
  "Before anything happened": { ...day, now: at(5.1), stars: [], bodies: day.bodies },
  "1,200 events, merged": { ...day, stars: many(1200), constellation: undefined as never },
  "Night, events early and late": {
    now: at(22.6),
    zone: ZONE,
    stars: [
      ...stars,
      { id: "n1", at: at(0.2), weight: 4, kind: "order" },
      { id: "n2", at: at(22.4), weight: 3, kind: "lead" },
    ],
    bodies: day.bodies,
  },
};

type Row = [days: number, value: number, state: "" | "hot" | "quiet", name?: string];
const PIPELINE: [id: string, name: string, rows: Row[]][] = [
  [
    "new",
    "New",
    [
      [39, 9600, "", "Oakfield School"],
      [70, 5400, ""],
      [82, 7200, ""],
      [24, 4800, ""],
      [58, 2600, ""],
      [11, 1600, "quiet"],
    ],
  ],
  [
    "contacted",
    "Contacted",
    [
      [28, 14700, "", "Arden Food Co-op"],
      [9, 6900, "hot", "Priya Raman"],
      [60, 8800, ""],
      [74, 3900, "quiet"],
      [36, 2600, ""],
    ],
  ],
  [
    "quote",
    "Quote sent",
    [
      [20, 28400, "hot", "Lowland Couriers"],
      [52, 11200, ""],
      [66, 7800, ""],
      [33, 4500, "quiet"],
      [88, 2200, ""],
    ],
  ],
  [
    "talks",
    "Negotiation",
    [
      [58, 46000, "hot", "City of Arden"],
      [36, 15600, ""],
      [16, 6300, ""],
      [82, 3500, ""],
    ],
  ],
];

const deal = (stage: string, index: number, [inDays, value, state, name = `Deal ${index + 1}`]: Row): Deal => ({
  id: `${stage}_${index}`,
  name,
  value,
  days: inDays,
  state: state || "active",
  ...(name === "Arden Food Co-op" && { atRisk: true }),
});

export const pipeline: Stage[] = PIPELINE.map(([id, name, rows]) => ({
  id,
  name,
  deals: rows.map((row, index) => deal(id, index, row)),
}));

const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const total = (deals: readonly Deal[]) => dollars.format(deals.reduce((sum, { value }) => sum + value, 0));
const won: Deal[] = [8200, 7300, 5500].map((value, index) => ({
  id: `won_${index}`,
  name: `Won ${index}`,
  value,
  days: 0,
  state: "won",
}));

export const board: OrbitStage[] = [
  ...pipeline.map((stage, index) => ({
    ...stage,
    total: total(stage.deals),
    note: `${[10, 25, 45, 72][index]}% likely`,
  })),
  { id: "won", name: "Won in March", deals: won, total: total(won), note: "goal $60,000" },
];

export const tenants = (count: number): Tenant[] =>
  Array.from({ length: count }, (_, k) => ({
    id: `t_${k}`,
    name: `t_${(k * 7919).toString(36)}`,
    shard: `db-${1 + (k % 12)}`,
    weight: 1 + ((k * 31) % 4),
    ...(k === 117 || k === 288 || k === 341
      ? { state: "failed", reason: "lock timeout on contacts, 30 s" }
      : { state: k > 402 && k < 413 ? "queued" : k > 396 && k < 403 ? "migrating" : "current" }),
  }));
