import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import type { Me } from "@/app/may";
import { useNeeds } from "@/modules/home/client/verdict";

afterEach(() => vi.restoreAllMocks());

/** What the overview asks for whoever this is. */
async function asked(me: Partial<Me>): Promise<string[]> {
  const get = vi.spyOn(api, "GET").mockResolvedValue({ data: { items: [] }, response: new Response() } as never);
  const cache = new QueryClient();
  const who = { grants: { "tasks.read": "all", "forms.read": "all" }, modules_off: [], ...me } as unknown as Me;
  const { result } = renderHook(() => useNeeds(who), {
    wrapper: ({ children }) => <QueryClientProvider client={cache}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(result.current.pending).toBe(false));
  return (get.mock.calls as unknown[][]).map(([path]) => String(path)).sort();
}

test("a person is asked for his tasks and news", async () => {
  const paths = await asked({ user: { id: "usr_1" } as Me["user"] });
  expect(paths).toEqual(["/v1/forms/figures", "/v1/notifications/unread", "/v1/tasks/counts"]);
});

test("whoever is inside in the place of a role has none, and is not told that something could not be read", async () => {
  expect(await asked({})).toEqual(["/v1/forms/figures"]);
});
