import { api, ok, type Schema } from "@/api/client";
import { parts } from "@/modules/tasks/bulk/work";
import { follow, type Run } from "@/ui/bulk";

interface Kind {
  /** What whoever hands them over has to be allowed. */
  needs: string;
  count: (member: string) => Promise<number>;
  /** Gives all of them to another member, or to nobody. */
  give: (member: string, heir: string | null) => Promise<void>;
}

const owned = (member: string) => [`owner:eq:${member}`];
/** What is closed stays in the name of whoever closed it. */
const openDeals = (member: string) => [...owned(member), "status:eq:open"];

/** Waits until the server has done it: until then the member must not go. */
async function done(begun: Run, read: (id: string) => Promise<Run>): Promise<void> {
  const { state } = await follow(begun, read, () => undefined);
  if (state !== "done") throw new Error(`the run ended ${state}`);
}

const of = (id: string) => ({ params: { path: { id } } });

async function openTasks(member: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, cursor, filter: [`assignee:eq:${member}`, "completion:eq:open"] };
    const page: Schema["Page_Task"] = await ok(api.GET("/v1/tasks", { params: { query } }));
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return ids;
}

/** What a member has that another one can take. */
export const OWNED = {
  contacts: {
    needs: "contacts.mass_update",
    count: async (member) =>
      (await ok(api.GET("/v1/contacts/count", { params: { query: { filter: owned(member) } } }))).count,
    give: async (member, owner) => {
      const body = { matching: { filter: owned(member) }, change: { owner } };
      await done(await ok(api.POST("/v1/contact-bulk-runs", { body })), (id) =>
        ok(api.GET("/v1/contact-bulk-runs/{id}", of(id))),
      );
    },
  },
  companies: {
    needs: "companies.mass_update",
    count: async (member) =>
      (await ok(api.GET("/v1/companies/count", { params: { query: { filter: owned(member) } } }))).count,
    give: async (member, owner) => {
      const body = { matching: { filter: owned(member) }, change: { owner } };
      await done(await ok(api.POST("/v1/company-bulk-runs", { body })), (id) =>
        ok(api.GET("/v1/company-bulk-runs/{id}", of(id))),
      );
    },
  },
  deals: {
    needs: "deals.mass_update",
    count: async (member) =>
      (await ok(api.GET("/v1/deals/count", { params: { query: { filter: openDeals(member) } } }))).count,
    give: async (member, owner) => {
      const body = { matching: { filter: openDeals(member) }, change: { owner } };
      await done(await ok(api.POST("/v1/deal-bulk-runs", { body })), (id) =>
        ok(api.GET("/v1/deal-bulk-runs/{id}", of(id))),
      );
    },
  },
  tasks: {
    needs: "tasks.write",
    count: async (member) => (await openTasks(member)).length,
    give: async (member, assignee) => {
      for (const tasks of parts(await openTasks(member)))
        await ok(api.POST("/v1/tasks/bulk-changes", { body: { tasks, assignee } }));
    },
  },
} satisfies Record<string, Kind>;

export type Owned = keyof typeof OWNED;
export const KINDS = Object.keys(OWNED) as Owned[];

/** One kind after the other. Whoever tries again goes on where it broke off: what was given is no longer found. */
export async function handOver(kinds: readonly Owned[], member: string, heir: string | null): Promise<void> {
  for (const kind of kinds) if ((await OWNED[kind].count(member)) > 0) await OWNED[kind].give(member, heir);
}
