import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import type { Table } from "@/modules/reports/data";
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
