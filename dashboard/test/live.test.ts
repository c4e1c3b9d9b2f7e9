import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect, pause, type Signal } from "@/api/live";
import { session } from "@/api/session";
import { listen } from "@/modules/clients/room";
import { take, withNew } from "@/shell/news";

const server = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const event = (id: string): Signal =>
  ({
    kind: "event",
    event: { id, kind: "contact.updated", seq: 1, subject: "contacts", subject_id: "x", title: "", occurred_at: "" },
  }) as Signal;
/** A stream that says something and breaks. */
const stream = (...messages: [id: string, signal: Signal][]) =>
  new Response(
    messages.map(([id, signal]) => `id: ${id}\nevent: ${signal.kind}\ndata: ${JSON.stringify(signal)}\n\n`).join(""),
  );

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  vi.spyOn(session, "token").mockResolvedValue("token");
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a stream that breaks goes on after the last message, and nothing comes twice", async () => {
  const got: (string | undefined)[] = [];
  server
    .mockResolvedValueOnce(stream(["1.1", event("evt_1")], ["2.1", event("evt_2")]))
    .mockResolvedValueOnce(stream(["2.1", event("evt_2")], ["3.1", event("evt_3")]))
    .mockImplementation(() => new Promise(() => undefined));
  const live = connect(
    (signal) => got.push(signal.event?.id),
    () => undefined,
  );
  // Back online is a reason to try at once.
  await vi.waitFor(() => {
    dispatchEvent(new Event("online"));
    expect(got).toEqual(["evt_1", "evt_2", "evt_3"]);
  });
  const headers = server.mock.calls[1]?.[1].headers as Record<string, string>;
  expect(headers["last-event-id"]).toBe("2.1");
  live.stop();
});

test("pauses grow and stay bearable", () => {
  expect(pause(0)).toBeLessThan(700);
  expect(pause(3)).toBeGreaterThan(pause(1));
  expect(pause(40)).toBeLessThanOrEqual(37_500);
});

const notification = (id: string) => ({
  id,
  kind: "x",
  module: "forms",
  title: "A",
  created_at: "",
  told_at: "",
  critical: false,
  params: {},
});

test("a notification stands at the top, once", () => {
  const pages = { pageParams: [undefined], pages: [{ items: [notification("ntf_1")] }] };
  const more = withNew(pages, notification("ntf_2"));
  expect(more.pages[0]?.items.map(({ id }) => id)).toEqual(["ntf_2", "ntf_1"]);
  expect(withNew(more, notification("ntf_2"))).toBe(more);
  // One that was put off comes back to the top, and leaves a list that does not show it any more.
  const back = { ...notification("ntf_1"), told_at: "2026-03-01T10:00:00Z" };
  expect(withNew(more, back).pages[0]?.items.map(({ id }) => id)).toEqual(["ntf_1", "ntf_2"]);
  expect(withNew(more, back, false).pages[0]?.items.map(({ id }) => id)).toEqual(["ntf_2"]);
  expect(withNew(pages, notification("ntf_3"), false)).toBe(pages);
});

test("an answer from before the news does not take it away: it is asked for once more", async () => {
  vi.useFakeTimers();
  const cache = new QueryClient();
  const queryKey = ["notifications", "list", {}];
  const page = (...ids: string[]) => ({ pageParams: [undefined], pages: [{ items: ids.map(notification) }] });
  cache.setQueryData(queryKey, page("ntf_1"));
  const answers = [page("ntf_1"), page("ntf_2", "ntf_1")];
  // The first answer was read before the second notification, and comes after it.
  const asked = vi.fn(() => new Promise((resolve) => setTimeout(() => resolve(answers.shift()), 100)));
  const watch = new QueryObserver(cache, { queryKey, queryFn: asked, staleTime: Number.POSITIVE_INFINITY });
  const leave = watch.subscribe(() => undefined);
  void cache.invalidateQueries({ queryKey });
  take(cache, { kind: "notification", notification: notification("ntf_2") } as Signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(cache.getQueryData(queryKey)).toEqual(page("ntf_2", "ntf_1"));
  expect(asked).toHaveBeenCalledTimes(2);
  // Nothing is on its way: what the stream says is enough.
  take(cache, { kind: "notification", notification: notification("ntf_3") } as Signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(cache.getQueryData(queryKey)).toEqual(page("ntf_3", "ntf_2", "ntf_1"));
  expect(asked).toHaveBeenCalledTimes(2);
  leave();
  vi.useRealTimers();
});

test("what changed without a name is asked for anew: its lists, once for all that comes at the same time", async () => {
  vi.useFakeTimers();
  const cache = new QueryClient();
  const stale = (key: string[]) => cache.getQueryState(key)?.isInvalidated;
  for (const key of [["deals", "list"], ["tasks", "list"], ["contacts", "one"], ["contacts", "list"], ["day"]])
    cache.setQueryData(key, {});
  const asked = vi.spyOn(cache, "invalidateQueries");
  take(cache, { kind: "changed", changed: "deals" } as Signal);
  take(cache, { kind: "changed", changed: "deals" } as Signal);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === "deals")).toHaveLength(1);
  expect(stale(["deals", "list"])).toBe(true);
  // What is shown beside it of a person, and what is counted.
  expect([stale(["contacts", "one"]), stale(["day"])]).toEqual([true, true]);
  expect([stale(["tasks", "list"]), stale(["contacts", "list"])]).toEqual([false, false]);
  vi.useRealTimers();
});

test("what waits is counted anew after what may change it, once for all that comes at the same time", async () => {
  vi.useFakeTimers();
  const cache = new QueryClient();
  const asked = vi.spyOn(cache, "invalidateQueries");
  const counted = () => asked.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === "counts").length;
  take(cache, event("evt_9"));
  await vi.advanceTimersByTimeAsync(300);
  expect(counted()).toBe(0);
  for (const subject of ["tasks", "deals", "submissions"]) take(cache, { kind: "changed", changed: subject } as Signal);
  const done = event("evt_10");
  take(cache, { ...done, event: { ...done.event, subject: "tasks" } } as Signal);
  await vi.advanceTimersByTimeAsync(300);
  expect(counted()).toBe(1);
  vi.useRealTimers();
});

test("pairs that may be one follow what they show, once for all that comes at the same time", async () => {
  vi.useFakeTimers();
  const cache = new QueryClient();
  const asked = vi.spyOn(cache, "invalidateQueries");
  const times = (key: string) => asked.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === key).length;
  for (const id of ["evt_1", "evt_2"]) take(cache, event(id));
  take(cache, { kind: "changed", changed: "contacts" } as Signal);
  await vi.advanceTimersByTimeAsync(300);
  expect([times("contact_duplicates"), times("company_duplicates")]).toEqual([1, 0]);
  vi.useRealTimers();
});

test("the number of unread ones follows the stream", () => {
  const cache = new QueryClient();
  take(cache, { kind: "unread", unread: 4 } as Signal);
  expect(cache.getQueryData(["notifications", "unread"])).toMatchObject({ count: 4 });
  take(cache, { kind: "hello", unread: 0 } as Signal);
  expect(cache.getQueryData(["notifications", "unread"])).toMatchObject({ count: 0 });
});

test("whoever waits for room is woken by the stream, also by what it told while he asked", async () => {
  vi.useFakeTimers();
  const cache = new QueryClient();
  const told = (provisioning: "making" | "ready") => take(cache, { kind: "provisioning", provisioning } as Signal);
  const steps: string[] = [];
  const room = listen((step) => steps.push(step));
  room.ask();
  told("ready");
  await room.wait(30);
  room.ask();
  let woken = false;
  const waiting = room.wait(30).then(() => {
    woken = true;
  });
  told("making");
  await vi.advanceTimersByTimeAsync(29_000);
  expect(woken).toBe(false);
  told("ready");
  await waiting;
  // Without news he asks by himself.
  room.ask();
  const alone = room.wait(5);
  await vi.advanceTimersByTimeAsync(5_000);
  await alone;
  room.end();
  told("ready");
  expect(steps).toEqual(["ready", "making", "ready"]);
  vi.useRealTimers();
});
