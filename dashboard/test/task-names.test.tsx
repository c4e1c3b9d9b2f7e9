/** Whose names tasks show: those of members, and of people of the agency who work here without being members. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { PropsWithChildren } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { me, members } from "@/api/queries";
import { useNames } from "@/modules/tasks/data";

afterEach(() => vi.restoreAllMocks());

test("whoever is no member is asked for by his id, and whoever has left has no name", async () => {
  const cache = new QueryClient();
  cache.setQueryData(me.queryKey, { grants: { "identity.members.read": "all" }, modules_off: [] } as never);
  cache.setQueryData(members.queryKey, { items: [{ id: "usr_clerk", name: "Clerk" }] } as never);
  const asked: unknown[] = [];
  vi.spyOn(api, "GET").mockImplementation((async (path: string, said: { params: { query: unknown } }) => {
    if (path !== "/v1/members/names") return new Promise(() => undefined);
    asked.push(said.params.query);
    const response = new Response("{}", { status: 200 });
    return { data: { items: [{ id: "usr_mira", name: "Mira" }] }, response };
  }) as never);
  const wrapper = ({ children }: PropsWithChildren) => (
    <QueryClientProvider client={cache}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useNames(["usr_mira", "usr_clerk", "usr_gone", ""]), { wrapper });
  expect(result.current.complete).toBe(false);
  await waitFor(() => expect(result.current.complete).toBe(true));
  expect([...result.current.names]).toEqual([
    ["usr_clerk", "Clerk"],
    ["usr_mira", "Mira"],
  ]);
  expect(asked).toEqual([{ id: ["usr_gone", "usr_mira"] }]);
});
