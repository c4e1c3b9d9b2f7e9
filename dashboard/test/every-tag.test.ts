/** Tags are chosen from and named in timelines, so all of them are known, however many pages they take. */
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/api/session";
import { tags } from "@/modules/contacts/data";

const server = vi.fn<(request: Request) => Promise<Response>>();

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  vi.spyOn(session, "token").mockResolvedValue("token");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** So many tags, two to a page. */
const serve = (count: number) =>
  server.mockImplementation(async ({ url }) => {
    const from = Number(new URL(url).searchParams.get("cursor") ?? 0);
    const items = [from, from + 1].filter((n) => n < count).map((n) => ({ id: `tag_${n}`, name: `Tag ${n}` }));
    const body = { items, ...(from + 2 < count && { next_cursor: String(from + 2) }) };
    return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  });

test("every page is read, and no page that is not there", async () => {
  serve(5);
  const { items } = await new QueryClient().fetchQuery(tags);
  expect(items.map(({ name }) => name)).toEqual(["Tag 0", "Tag 1", "Tag 2", "Tag 3", "Tag 4"]);
  expect(server).toHaveBeenCalledTimes(3);
});

test("there is an end to it", async () => {
  serve(1_000_000);
  const { items } = await new QueryClient().fetchQuery(tags);
  expect(items).toHaveLength(2_000);
});
