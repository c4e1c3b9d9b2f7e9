import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { bring } from "@/i18n/words";
import { startLanguage } from "@/i18n";
import { Waiting } from "@/shell/waiting";

afterEach(() => vi.restoreAllMocks());

test("what waits in a place stands as a number, and in words for whoever does not see it; nothing is nothing, and how much a place holds is told quietly", async () => {
  await startLanguage("en");
  await bring("home");
  const cache = new QueryClient();
  cache.setQueryData(["counts"], { tasks: 3, deals: 1000, submissions: 0 });
  cache.setQueryData(["totals", "contacts"], { count: 1284 });
  vi.spyOn(api, "GET").mockImplementation(() => new Promise(() => undefined) as never);
  const { container } = render(
    <QueryClientProvider client={cache}>
      <Waiting what="tasks" id="t" className="" />
      <Waiting what="deals" id="d" className="" />
      <Waiting what="submissions" id="s" className="" />
      <Waiting counted="contacts" id="c" className="" />
    </QueryClientProvider>,
  );
  expect(screen.getByText("3").getAttribute("aria-hidden")).toBe("true");
  expect(screen.getByText("99+")).toBeTruthy();
  expect(container.querySelector("#t")?.textContent).toBe("3 tasks for today");
  expect(container.querySelector("#s")).toBeNull();
  expect(screen.getByText("1,284").getAttribute("aria-hidden")).toBe("true");
  expect(container.querySelector("#c")?.textContent).toBe("1,284 in all");
});
