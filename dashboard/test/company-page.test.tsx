/** A company's page: who belongs to it and who works there, a part at a time. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { me } from "@/api/queries";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import type { Company } from "@/modules/companies/data";
import { Family } from "@/modules/companies/page/family";
import { People } from "@/modules/companies/page/people";

vi.mock("@/ui/link", () => ({
  PlainLink: ({ children }: { children: React.ReactNode }) => <a href="/x">{children}</a>,
}));

beforeAll(async () => {
  await startLanguage("en");
  for (const words of ["companies", "contacts"] as const) await bring(words);
});
afterEach(() => vi.restoreAllMocks());

const all = (count: number, of: (n: number) => object) => Array.from({ length: count }, (_, n) => of(n));

/** A server that hands out `rows` a page at a time, where `path` is asked for. */
function served(path: string, rows: object[]) {
  vi.spyOn(api, "GET").mockImplementation((async (asked: string, said: { params: { query?: Page } }) => {
    if (asked !== path) return new Promise(() => undefined);
    const { limit = 50, cursor } = said.params.query ?? {};
    const from = Number(cursor ?? 0);
    const next = from + limit < rows.length ? { next_cursor: String(from + limit) } : {};
    const response = new Response("{}", { status: 200 });
    return { data: { items: rows.slice(from, from + limit), ...next }, response };
  }) as never);
}
interface Page {
  limit?: number;
  cursor?: string;
}

async function shown(company: Partial<Company>, what: (company: Company) => React.ReactNode) {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  cache.setQueryData(me.queryKey, { grants: {}, modules_off: [] } as never);
  await act(async () => {
    render(
      <QueryClientProvider client={cache}>
        {what({ id: "com_1", name: "Holding", people: 0, subsidiaries: 0, version: 1, ...company } as Company)}
      </QueryClientProvider>,
    );
  });
}
const press = () => act(async () => fireEvent.click(screen.getByRole("button", { name: "Show more" })));
const shows = (lines: number) => waitFor(() => expect(screen.queryAllByRole("listitem")).toHaveLength(lines));

test("whatever belongs to a company can be reached, and how many they are is said", async () => {
  served(
    "/v1/companies",
    all(120, (n) => ({ id: `com_x${n}`, name: `Firm ${n}` })),
  );
  await shown({ subsidiaries: 123 }, (company) => <Family company={company} />);
  await shows(50);
  const heading = screen.getByRole("heading", { name: /^Belonging to it/ });
  expect(within(heading).getByText("123 companies")).toBeTruthy();
  expect(screen.queryByText(/not yours to see/)).toBeNull();
  await press();
  await shows(100);
  await press();
  await shows(120);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(screen.getByText("3 more companies are not yours to see.")).toBeTruthy();
});

test("people of a large company are not said to be hidden while there are more to show", async () => {
  const person = (n: number) => ({
    contact: `con_${n}`,
    display_name: `Ann ${n}`,
    roles: [],
    primary: false,
    version: 1,
  });
  served("/v1/companies/{id}/contacts", all(150, person));
  await shown({ people: 151 }, (company) => <People company={company} />);
  await shows(100);
  expect(screen.queryByText(/not yours to see/)).toBeNull();
  await press();
  await shows(150);
  expect(screen.getByText("1 more is not yours to see.")).toBeTruthy();
});
