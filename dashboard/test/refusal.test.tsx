import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem, Unreachable } from "@/api/problem";
import { me, queries } from "@/api/queries";
import { type Me, missing } from "@/app/may";
import { call, useTitle } from "@/app/title";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { productOf } from "@/modules/brand/wear";
import { Refusal } from "@/shell/refusal";
import { Failed } from "@/ui/states";

beforeAll(async () => {
  await startLanguage("en");
  await bring("shell");
});
beforeEach(() => sessionStorage.clear());
afterEach(() => vi.useRealTimers());

const who = (kind: "agency" | "client") =>
  ({
    tenant: { id: "ten_1", name: "Kestrel", kind, home: "ten_1" },
    memberships: [],
    grants: {},
    modules_off: ["deals"],
  }) satisfies Partial<Me>;

/** As somebody, or before anybody is known. */
function shown(piece: ReactNode, kind?: "agency" | "client") {
  const cache = new QueryClient();
  if (kind) cache.setQueryData(me.queryKey, who(kind));
  return render(<QueryClientProvider client={cache}>{piece}</QueryClientProvider>);
}
const off = new ApiProblem(403, "module_off", "This account's plan does not include deals.");

test("a module that the plan leaves out is named, with whoever can add it; no role is to blame", async () => {
  shown(<Failed error={off} />, "client");
  expect(await screen.findByText("Deals: not part of the plan")).toBeTruthy();
  expect(screen.getByText("The plan of Kestrel does not include this. Its agency can add it.")).toBeTruthy();
  expect(screen.queryByText(/Your role/)).toBeNull();
});

test("an agency asks whoever runs the platform", async () => {
  shown(<Failed error={off} />, "agency");
  expect(await screen.findByText(/Those who run this platform can add it\.$/)).toBeTruthy();
});

test.each([
  [
    new ApiProblem(403, "permission_missing", "This needs the permission deals.read."),
    "Your role does not allow this.",
  ],
  [new ApiProblem(403, "impersonation_read_only", "Only looking."), "You only look in here."],
  [new ApiProblem(404, "not_found", "There is no such deal."), "It is not there, or not yours to see."],
  [new ApiProblem(409, "slug_taken", "Server's words."), "This name is taken."],
  [new ApiProblem(409, "nobody_translated_this", "Server's words."), "Server's words."],
  [new Unreachable(), "The server could not be reached."],
  [new TypeError("x is undefined"), "Something unexpected happened."],
])("%s is said in the reader's words", async (error, said) => {
  shown(<Failed error={error} />);
  expect(await screen.findByText(said, { exact: false, ignore: ".invisible *" })).toBeTruthy();
});

test("after too many requests it counts down, waits, and tries again by itself, once for each refusal", async () => {
  vi.useFakeTimers();
  const again = vi.fn();
  const busy = () => new ApiProblem(429, "rate_limited", "Slower, please.", [], undefined, 3);
  const cache = new QueryClient();
  const piece = () => (
    <QueryClientProvider client={cache}>
      <Refusal error={busy()} onRetry={again} />
    </QueryClientProvider>
  );
  const { rerender } = render(piece());
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Try again" });
  expect(screen.getByText("It is tried again in 3 seconds.").getAttribute("aria-live")).toBe("off");
  expect(button.disabled).toBe(true);
  act(() => void vi.advanceTimersByTime(2_250));
  expect(screen.getByText("It is tried again in 1 second.")).toBeTruthy();
  expect(again).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(750));
  expect(again).toHaveBeenCalledTimes(1);
  expect(screen.queryByText(/It is tried again/)).toBeNull();
  expect(button.disabled).toBe(false);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(again).toHaveBeenCalledTimes(1);
  // Refused once more: the same again.
  rerender(piece());
  act(() => void vi.advanceTimersByTime(3_000));
  expect(again).toHaveBeenCalledTimes(2);
});

test("who is refused without being told how long is not tried again behind anybody's back", () => {
  vi.useFakeTimers();
  const again = vi.fn();
  shown(<Refusal error={new ApiProblem(409, "slug_taken", "")} onRetry={again} />);
  act(() => void vi.advanceTimersByTime(600_000));
  expect(again).not.toHaveBeenCalled();
});

test("what is asked for in the background keeps away as long as the server wants, then asks again", () => {
  const { retry, retryDelay, refetchInterval } = queries.getDefaultOptions().queries ?? {};
  if (typeof retry !== "function" || typeof retryDelay !== "function" || typeof refetchInterval !== "function")
    throw new Error("there are rules for all three");
  const busy = (seconds?: number) => new ApiProblem(429, "rate_limited", "", [], undefined, seconds);
  expect([retry(0, busy(1)), retry(0, busy(30)), retry(0, busy()), retry(2, busy(1))]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([retryDelay(0, busy(2)), retryDelay(1, busy(1)), retryDelay(1, new Unreachable())]).toEqual([
    2000, 2000, 2000,
  ]);
  const every = (error: Error | null) => refetchInterval({ state: { error } } as never);
  expect([every(busy(30)), every(busy()), every(new Unreachable()), every(null)]).toEqual([
    30_000,
    false,
    false,
    false,
  ]);
});

test("a permission belongs to one module by its whole name", () => {
  const me = { ...who("client"), modules_off: ["deals", "segments"] } as Me;
  expect(missing(me, "deals.items.write")).toBe("deals");
  expect(missing(me, "dealsheets.read")).toBeUndefined();
  expect(missing(me, "contacts.read")).toBeUndefined();
  expect(missing(undefined, "deals.read")).toBeUndefined();
});

test("a tab carries the name of the product that its people know, each name once", () => {
  const Title = ({ parts }: { parts: string[] }) => {
    useTitle(...parts);
    return null;
  };
  const { rerender } = render(<Title parts={["Clients", "Lowland"]} />);
  expect(document.title).toBe("Clients · Lowland · Upzento");
  act(() => call("Lowland Desk"));
  expect(document.title).toBe("Clients · Lowland · Lowland Desk");
  expect(sessionStorage.getItem("upz.product")).toBe("Lowland Desk");
  act(() => call("Lowland"));
  expect(document.title).toBe("Clients · Lowland");
  act(() => call(undefined));
  rerender(<Title parts={["Forms", "Lowland"]} />);
  expect(document.title).toBe("Forms · Lowland · Upzento");
  expect(sessionStorage.getItem("upz.product")).toBeNull();
});

test.each([
  ["agency", { own: false, name: "" }, undefined],
  ["agency", { own: true, name: "" }, undefined],
  ["agency", { own: true, name: "Lowland Desk" }, "Lowland Desk"],
  ["client", { own: false, name: "" }, "Lowland Desk"],
])("of an account (%s) with %j the product is called %s", (kind, brand, name) => {
  expect(productOf({ ...brand, look: { name: "Lowland Desk" } }, kind)).toBe(name);
});
