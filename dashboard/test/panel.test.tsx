import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Panel } from "@/ui/panel";

test("a panel's title is a heading", () => {
  render(<Panel title="Needs you">work</Panel>);
  expect(screen.getByRole("heading", { level: 2, name: "Needs you" })).toBeTruthy();
});
