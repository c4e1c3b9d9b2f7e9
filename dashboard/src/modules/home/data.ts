import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Day = Schema["Day"];
export type DayStar = Schema["DayStar"];
export type Overview = Schema["ClientsOverview"];
export type Reason = Schema["AttentionReason"];
export type Refused = Schema["RefusedWebsite"];

/** Figures change with every event, and are asked for again when one comes; in between they may be a minute old. */
const staleTime = 60_000;

/** What happened today where the tenant is. `date` only tells the days apart: at midnight another one begins. */
export const today = (date: string) =>
  queryOptions({
    queryKey: ["day", date],
    queryFn: ({ signal }) => ok(api.GET("/v1/days", { signal })),
    staleTime,
    // The day before is no placeholder for this one, but this one in an older state is.
  });

/** What has its time on a day: calls and meetings, and what somebody himself has to do by then. */
export type Planned = Schema["DayPlan"] & { href: string; done: boolean };

/** Open tasks that are due on a day (`2026-11-28`) at a time; of one member, or of all when there is none. */
export const timedTasks = (day: string, member: string | undefined) =>
  queryOptions({
    queryKey: ["tasks", "timed", day, member],
    queryFn: async ({ signal }) => {
      const filter = [`due_on:eq:${day}`, "status:eq:open", ...(member ? [`member:eq:${member}`] : [])];
      const query = { filter, sort: "due", limit: 20 };
      return (await ok(api.GET("/v1/tasks", { params: { query }, signal }))).items.filter(({ due_time }) => due_time);
    },
    staleTime,
  });

/** Both of them, in the order of time. A task that is past its time and open is not done. */
export function plannedOf(plans: Day["plans"], tasks: readonly Schema["Task"][], now: number): Planned[] {
  const talks = plans.map((plan) => ({ ...plan, href: `/contacts/${plan.contact}`, done: Date.parse(plan.at) <= now }));
  const promises = tasks.flatMap(({ id, due_at, kind, title, contact, contact_name, company_name, deal_title }) => {
    if (!due_at) return [];
    const name = contact_name ?? company_name ?? deal_title ?? "";
    return [{ id, at: due_at, kind, title, contact: contact ?? "", name, href: `/tasks?task=${id}`, done: false }];
  });
  return [...talks, ...promises].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export const contactFigures = queryOptions({
  queryKey: ["figures", "contacts"],
  queryFn: ({ signal }) => ok(api.GET("/v1/contacts/figures", { signal })),
  staleTime,
});

export const formFigures = queryOptions({
  queryKey: ["figures", "forms"],
  queryFn: ({ signal }) => ok(api.GET("/v1/forms/figures", { signal })),
  staleTime,
});

export const widgetFigures = queryOptions({
  queryKey: ["figures", "widgets"],
  queryFn: ({ signal }) => ok(api.GET("/v1/widgets/figures", { signal })),
  staleTime,
});

/** What deals of one status add up to, by currency and in the account's own. */
export interface Sums {
  totals: Schema["StatusTotal"][];
  home?: Schema["HomeTotal"] | undefined;
}

const totals = async (filter: string[], signal: AbortSignal): Promise<Sums> => {
  const { totals, home } = await ok(api.GET("/v1/deals/totals", { params: { query: { filter } }, signal }));
  return { totals, home: home[0]?.total };
};

/** Everything that is open. */
export const openDeals = queryOptions({
  queryKey: ["deals", "figures", "open"],
  queryFn: ({ signal }) => totals(["status:eq:open"], signal),
  staleTime,
});

/** What was won from the first of the month to a day of it (`2026-11-28`), and in as many days of the month before. */
export const wonDeals = (day: string) =>
  queryOptions({
    queryKey: ["deals", "figures", "won", day],
    queryFn: async ({ signal }) => {
      const { month, before, until } = months(day);
      const won = (...when: string[]) => totals(["status:eq:won", ...when.map((at) => `closed_at:${at}`)], signal);
      const [now, then] = await Promise.all([won(`gte:${month}`), won(`gte:${before}`, `lt:${until}`)]);
      return { now, then };
    },
    staleTime,
  });

/** The first moments of the day's month and of the month before, and where as much of that one has passed. */
export function months(day: string): { month: string; before: string; until: string } {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const at = (back: number, of: number) => new Date(Date.UTC(year, month - 1 - back, of)).toISOString();
  const length = new Date(Date.UTC(year, month - 1, 0)).getUTCDate();
  return { month: at(0, 1), before: at(1, 1), until: at(1, Math.min(date, length) + 1) };
}

/** What somebody has to do, by when it comes up. */
export const taskCounts = (member: string | undefined) =>
  queryOptions({
    queryKey: ["tasks", "counts", member],
    queryFn: ({ signal }) => ok(api.GET("/v1/tasks/counts", { params: { query: { member } }, signal })),
    staleTime,
  });

/** Webhooks that were switched off because nobody answered. */
export const brokenWebhooks = queryOptions({
  queryKey: ["webhooks", "broken"],
  queryFn: async ({ signal }) => {
    const query = { limit: 200, filter: ["enabled:eq:false"] };
    const page = await ok(api.GET("/v1/webhooks", { params: { query }, signal }));
    return page.items.filter((hook) => hook.disabled_reason === "failing" || hook.disabled_reason === "gone");
  },
  staleTime,
});

/** Mails that no server took. */
export const failedMails = queryOptions({
  queryKey: ["mails", "failed"],
  queryFn: async ({ signal }) => {
    const query = { limit: 50, filter: ["state:eq:failed"] };
    return (await ok(api.GET("/v1/mails", { params: { query }, signal }))).items;
  },
  staleTime,
});

/** An agency hears of its clients' events by asking: their streams are their own. */
export const clientsOverview = queryOptions({
  queryKey: ["clients", "overview"],
  queryFn: ({ signal }) => ok(api.GET("/v1/clients/overview", { signal })),
  staleTime,
  refetchInterval: staleTime,
});
