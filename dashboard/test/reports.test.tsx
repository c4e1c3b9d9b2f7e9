import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import type { Report, Table } from "@/modules/reports/data";
import { topOf } from "@/modules/reports/drawing";
import { isRateless } from "@/modules/reports/said";
import { TablePanel } from "@/modules/reports/table";

beforeAll(async () => {
  await startLanguage("en");
  await bring("reports");
});

const month = (from: string, until: string, currency?: string) => ({
  label: { from, until, ...(currency && { currency }) },
  numbers: [{ value: 2 }, {}],
});

test("what has no currency has a drawing of its own, beside those of each currency", () => {
  const table: Table = {
    key: "renewals",
    dimension: "time",
    drawing: "columns",
    columns: [
      { key: "contracts_ending", unit: "count" },
      { key: "annual_value", unit: "money" },
    ],
    lines: [
      month("2026-11-01", "2026-11-30"),
      month("2026-11-01", "2026-11-30", "EUR"),
      month("2026-12-01", "2026-12-31", "EUR"),
    ],
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TablePanel table={table} members={new Map()} />
    </QueryClientProvider>,
  );
  const drawn = screen.getAllByRole("figure").map((figure) => figure.querySelectorAll("rect").length);
  expect(drawn).toEqual([1, 2]);
});

const money = (currency: string, ...values: [number, number?][]): Table => ({
  key: "not_converted",
  dimension: "currency",
  drawing: "columns",
  columns: [{ key: "won_value", unit: "money" }],
  lines: values.map(([value, before]) => ({ label: { currency }, numbers: [{ value, before, currency }] })),
});

test("what could not be converted at all is not told as nothing", () => {
  const tables = [money("EUR", [500])];
  const figure = (key: string, value: number) => ({
    key,
    unit: "money" as const,
    numbers: [{ value, currency: "USD" }],
  });
  expect(isRateless({ tables }, figure("won_home", 0))).toBe(true);
  expect(isRateless({ tables }, figure("won_home", 7))).toBe(false);
  expect(isRateless({ tables: [] }, figure("won_home", 0))).toBe(false);
  // Those are sums of what is open.
  expect(isRateless({ tables }, figure("weighted_home", 0))).toBe(false);
  expect(isRateless({ tables }, figure("deals_won", 0) satisfies Report["figures"][number])).toBe(false);
});

test("the top line of a drawing stands for the highest number, now or before", () => {
  const table = money("EUR", [500, 900], [700]);
  expect(topOf(table, 0, "EUR")).toMatchObject({ value: 900, currency: "EUR" });
  expect(topOf(table, 0, "USD")).toEqual({ value: 0 });
});
