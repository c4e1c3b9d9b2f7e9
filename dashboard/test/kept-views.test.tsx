import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { me } from "@/api/queries";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { ViewChips } from "@/modules/views/chips";
import { type SavedView, savedViews } from "@/modules/views/data";

beforeAll(async () => {
  await startLanguage("en");
  await bring("views");
});

interface Search {
  owner?: string;
}
const view = {
  id: "viw_1",
  list: "tasks",
  kind: "table",
  owner: "usr_1",
  name: "Mine",
  audience: "private",
  shared: false,
  default: false,
  deleted: false,
  filter: ["owner:eq:one"],
  options: {},
  columns: [],
  position: 0,
  version: 1,
} as unknown as SavedView;
const contentOf = ({ owner }: Search) => ({
  kind: "table",
  filter: owner ? [`owner:eq:${owner}`] : [],
  deleted: false,
  columns: [],
  options: {},
});

/** A list as its page keeps it: the address says what is listed. */
function List() {
  const [search, setSearch] = useState<Search>({ owner: "one" });
  return (
    <>
      <button type="button" onClick={() => setSearch({ owner: "two" })}>
        Narrow
      </button>
      <output>{search.owner}</output>
      <ViewChips
        list="tasks"
        search={search}
        shown="viw_1"
        contentOf={contentOf}
        searchOf={({ filter }): Search => ({ owner: filter[0]?.split(":")[2] ?? "" })}
        onShow={(_, next) => setSearch(next ?? {})}
      />
    </>
  );
}

test("a view that takes what is listed goes on showing that, not what it was before", async () => {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  cache.setQueryData(me.queryKey, {
    user: { id: "usr_1" },
    grants: { "tasks.write": "all" },
    modules_off: [],
  } as never);
  cache.setQueryData(savedViews("tasks").queryKey, { items: [view] } as never);
  const kept = { ...view, filter: ["owner:eq:two"], version: 2 };
  const response = new Response();
  vi.spyOn(api, "PATCH").mockResolvedValue({ data: kept, response } as never);
  vi.spyOn(api, "GET").mockResolvedValue({ data: { items: [kept] }, response } as never);
  render(
    <QueryClientProvider client={cache}>
      <List />
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByText("Narrow"));
  fireEvent.click(await screen.findByText("Update view"));
  await vi.waitFor(() => expect(screen.queryByText("Update view")).toBeNull());
  expect(screen.getByRole("status").textContent).toBe("two");
});
