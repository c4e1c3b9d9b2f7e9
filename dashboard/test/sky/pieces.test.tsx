import { act, fireEvent, render, screen, within } from "@testing-library/react";
import i18next from "i18next";
import type { ReactNode } from "react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { speak, startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import {
  ActivityStrip,
  crossTerminator,
  DayLine,
  DealBody,
  Galaxy,
  GravityDock,
  GravityRail,
  OrbitStrip,
  PipelineSky,
  Reticle,
  Sky,
  SkyLocale,
  type SkyProps,
  Terminator,
  Timeline,
  Trajectory,
} from "@/sky";
import { at, LONG, NOW, RTL, ZONE } from "./given";

/** Tells the size of what was added, as a browser does after it laid a page out and before it paints it. */
let layOut = () => {};

const draw = (piece: ReactNode) => {
  const { rerender, ...drawn } = render(piece);
  const settled = () => act(() => layOut());
  settled();
  const again = (next: ReactNode) => {
    rerender(next);
    settled();
  };
  return { ...drawn, rerender: again };
};
const show = (piece: ReactNode) => draw(<SkyLocale value="en-GB">{piece}</SkyLocale>);

beforeAll(async () => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      added = new Set<Element>();
      constructor(tell: (entries: { target: Element }[]) => void) {
        layOut = () => {
          const entries = Array.from(this.added, (target) => ({ target }));
          this.added.clear();
          tell(entries);
        };
      }
      observe(element: Element) {
        this.added.add(element);
      }
      unobserve(element: Element) {
        this.added.delete(element);
      }
      disconnect() {}
    },
  );
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: query.includes("reduce"),
    addEventListener() {},
    removeEventListener() {},
  }));
  vi.stubGlobal("CSS", { escape: (text: string) => text });
  const small = (element: HTMLElement) => /sky-say|sky-legend/.test(element.className);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(function (this: HTMLElement) {
    return small(this) ? 320 : 1200;
  });
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockImplementation(function (this: HTMLElement) {
    return small(this) ? 40 : 330;
  });
  await startLanguage("en");
  await bring("shell");
});
beforeEach(() => speak("en", false));

const star = (id: string, hour: number, kind: "lead" | "message" = "message") => ({
  id,
  at: at(hour),
  kind,
  weight: 2,
  title: `Event ${id}`,
  href: `#${id}`,
});
const day: SkyProps = {
  now: NOW,
  zone: ZONE,
  stars: [star("a", 9.1), star("b", 12.1), star("c", 12.4, "lead"), star("d", 17)],
  bodies: [{ id: "x", at: at(15), title: "Fitting", href: "#x" }],
};
const circles = (picture: HTMLElement) => picture.querySelectorAll("[data-star]").length;

test("the sky says its day in a sentence and draws as many stars as there are events", () => {
  show(<Sky {...day} />);
  const picture = screen.getByRole("img");
  expect(picture.getAttribute("aria-label")).toBe(
    "3 events so far, busiest around 12. 1 message is scheduled. 1 appointment to come.",
  );
  expect(circles(picture)).toBe(4);
  expect(screen.getByText("Message").textContent).toContain("2");
});

test("a day without events says so, and draws the horizon alone", () => {
  show(<Sky {...day} stars={[]} bodies={[]} />);
  expect(screen.getByText("Nothing yet today.")).toBeTruthy();
  expect(screen.getByRole("img", { name: "Nothing yet today." })).toBeTruthy();
  expect(circles(screen.getByRole("img"))).toBe(0);
});

test("the same day is a list: by the button and by L, and Escape gives the focus back", () => {
  const onOpen = vi.fn();
  show(<Sky {...day} onOpen={onOpen} />);
  fireEvent.keyDown(document.body, { key: "l" });
  const list = screen.getByRole("region", { name: "Events of today" });
  expect(document.activeElement).toBe(list);
  expect(within(list).getAllByRole("listitem")).toHaveLength(5);
  fireEvent.click(within(list).getByRole("link", { name: /Event c/ }));
  expect(onOpen).toHaveBeenCalledWith("#c");
  fireEvent.keyDown(list, { key: "Escape" });
  expect(screen.queryByRole("region", { name: "Events of today" })).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "List" }));
});

test("L is a letter where somebody writes, and nothing where single keys are off", () => {
  const { unmount } = show(
    <>
      <input aria-label="Search" />
      <Sky {...day} />
    </>,
  );
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "l" });
  expect(screen.queryByRole("region", { name: "Events of today" })).toBeNull();
  unmount();
  show(<Sky {...day} shortcut={false} />);
  fireEvent.keyDown(document.body, { key: "l" });
  expect(screen.queryByRole("region", { name: "Events of today" })).toBeNull();
});

test("names are text, whatever they hold", () => {
  const evil = "<img src=x onerror=alert(1)>";
  show(
    <Sky
      {...day}
      bodies={[
        { id: "e", at: at(15), title: evil },
        { id: "r", at: at(18), title: RTL },
        { id: "l", at: at(19), title: LONG },
      ]}
    />,
  );
  expect(document.querySelector("img")).toBeNull();
  expect(screen.getByText(evil)).toBeTruthy();
});

test("the day line is a list of links; the focus on one shows what it is", () => {
  const event = {
    id: "e",
    at: at(15),
    title: "Fitting",
    href: "#e",
    done: false,
    person: "Priya",
    action: { label: "Call", href: "#call" },
  };
  show(<DayLine now={NOW} zone={ZONE} events={[event, { ...event, id: "f", at: at(9), done: true }]} />);
  const nav = screen.getByRole("navigation", { name: "Today" });
  expect(within(nav).getByText("Now, 14:20")).toBeTruthy();
  const link = within(nav).getByRole("link", { name: "15:00, Fitting, Priya, to come" });
  expect(within(nav).getByRole("link", { name: "09:00, Fitting, Priya, done" })).toBeTruthy();
  act(() => link.focus());
  expect(within(nav).getByRole("link", { name: "Call" })).toBeTruthy();
  fireEvent.keyDown(link, { key: "Escape" });
  expect(within(nav).queryByRole("link", { name: "Call" })).toBeNull();
});

test("dots on the same pixels are one place to press, whose card leads to each", () => {
  const one = { id: "a", at: at(15), title: "Fitting", href: "#a", done: false };
  const onOpen = vi.fn();
  show(
    <DayLine now={NOW} zone={ZONE} events={[one, { ...one, id: "b", title: "Call", href: "#b" }]} onOpen={onOpen} />,
  );
  const nav = screen.getByRole("navigation", { name: "Today" });
  const both = within(nav).getByRole("button", { name: "2 things: 15:00, Fitting, to come; 15:00, Call, to come" });
  expect(within(nav).queryByRole("link")).toBeNull();
  fireEvent.click(both);
  expect(both.getAttribute("aria-expanded")).toBe("true");
  fireEvent.click(within(nav).getByRole("link", { name: "Call" }));
  expect(onOpen).toHaveBeenCalledWith("#b");
});

test("a day line without events says so", () => {
  show(<DayLine now={NOW} zone={ZONE} events={[]} />);
  expect(screen.getByText("Nothing planned today.")).toBeTruthy();
});

const items = ["overview", "inbox", "contacts", "deals", "forms", "shop"].map((key) => ({
  key,
  label: key,
  href: `#${key}`,
  icon: <i />,
  ...(key === "inbox" && { waiting: 120 }),
}));

test("the rail is a navigation with the open page marked, and what waits is said in words", () => {
  show(
    <GravityRail
      label="Main"
      active="deals"
      groups={[{ items: items.slice(0, 2) }, { label: "Relate", items: items.slice(2) }]}
    />,
  );
  const nav = screen.getByRole("navigation", { name: "Main" });
  expect(within(nav).getByRole("link", { name: "deals" }).getAttribute("aria-current")).toBe("page");
  expect(
    within(nav)
      .getAllByRole("link")
      .filter((link) => link.hasAttribute("aria-current")),
  ).toHaveLength(1);
  expect(within(nav).getByRole("link", { name: /120 waiting/ }).textContent).toContain("99+");
  expect(within(nav).getByRole("list", { name: "Relate" })).toBeTruthy();
});

test("the dock keeps five tabs, the last being the way to the rest", () => {
  show(
    <GravityDock
      label="Main"
      active="inbox"
      tabs={items}
      more={{ key: "more", label: "More", href: "#more", icon: <i /> }}
    />,
  );
  const links = screen.getAllByRole("link");
  expect(links).toHaveLength(5);
  expect(links.at(-1)?.textContent).toBe("More");
});

const deal = (id: string, state: "active" | "hot" | "quiet" | "won", value = 1000) => ({
  id,
  name: id,
  value,
  days: 10,
  state,
});
const stages = [
  { id: "new", name: "New", total: "$3,000", deals: [deal("a", "active"), deal("b", "hot"), deal("c", "quiet")] },
  { id: "won", name: "Won", total: "$500", deals: [deal("d", "won", 500)] },
];

test("the orbit strip sums up each stage in words and draws each deal once", () => {
  show(<OrbitStrip stages={stages} currency="USD" />);
  const picture = screen.getByRole("img");
  expect(picture.getAttribute("aria-label")).toBe(
    "Deals by stage. New: 3 deals, $3,000, 1 hot, 1 quiet; Won: 1 deal, $500",
  );
  expect([...picture.querySelectorAll("[data-deal]")].map((body) => body.getAttribute("data-deal"))).toEqual([
    "a",
    "b",
    "c",
    "d",
  ]);
});

test("on a phone the strip is a row of tabs that arrow keys walk", () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValueOnce(390).mockReturnValueOnce(390);
  const onSelect = vi.fn();
  show(<OrbitStrip stages={stages} currency="USD" selected="new" onSelect={onSelect} />);
  const [first, second] = screen.getAllByRole("tab");
  expect(first?.getAttribute("aria-selected")).toBe("true");
  act(() => first?.focus());
  fireEvent.keyDown(first as HTMLElement, { key: "ArrowRight" });
  expect(document.activeElement).toBe(second);
  expect(onSelect).toHaveBeenCalledWith("won");
});

test("the pipeline's sky says how many deals are open", () => {
  const { unmount } = show(<PipelineSky stages={stages.slice(0, 1)} currency="USD" />);
  expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(
    /^3 open deals by stage and expected close date\. New: 3 deals/,
  );
  unmount();
  show(<PipelineSky stages={[]} currency="USD" />);
  expect(screen.getByRole("img", { name: "No open deals" })).toBeTruthy();
});

test("a deal's body is silent unless it is given words", () => {
  const { rerender } = show(<DealBody value={100} median={100} state="hot" />);
  expect(screen.queryByRole("img")).toBeNull();
  rerender(<DealBody value={100} median={100} state="hot" label="Hot deal" />);
  expect(screen.getByRole("img", { name: "Hot deal" })).toBeTruthy();
});

test("a trajectory is an ordered list that says where one is and what its conditions do", () => {
  const steps = [
    { id: "a", label: "Your bike", state: "done" as const },
    { id: "b", label: "How it feels", state: "current" as const },
    { id: "c", label: "Thank you", state: "next" as const },
  ];
  const onSelect = vi.fn();
  const skips = [{ from: "a", to: "c", label: "if no pain" }];
  const { rerender } = show(<Trajectory label="Steps" steps={steps} skips={skips} onSelect={onSelect} />);
  const list = screen.getByRole("list", { name: "Steps" });
  const [first, second] = within(list).getAllByRole("listitem");
  expect(second?.getAttribute("aria-current")).toBe("step");
  expect(first?.textContent).toContain("if no pain: on to Thank you");
  fireEvent.click(screen.getByRole("button", { name: /^Thank you/ }));
  expect(onSelect).toHaveBeenCalledWith("c");
  rerender(<Trajectory label="Steps" steps={steps} flat />);
  expect(within(screen.getByRole("list", { name: "Steps" })).getAllByRole("listitem")).toHaveLength(3);
});

test("a timeline has its plans above now and its history by day below", () => {
  const row = (id: string, hour: number) => ({ id, at: at(hour), icon: <i />, verb: id, text: RTL, quote: LONG });
  show(
    <Timeline
      label="History of Priya"
      now={NOW}
      zone={ZONE}
      entries={[row("past", 12), row("plan", 15), row("old", -3)]}
    />,
  );
  const whole = screen.getByRole("region", { name: "History of Priya" });
  expect(whole.textContent?.indexOf("plan")).toBeLessThan(whole.textContent?.indexOf("Now, 14:20") ?? 0);
  expect(within(screen.getByRole("list", { name: "Planned" })).getByText("Today 15:00")).toBeTruthy();
  expect(within(screen.getByRole("list", { name: /11 March/ })).getByText("old")).toBeTruthy();
});

test("the galaxy says how many schemas are in each state", () => {
  const tenants = Array.from({ length: 2000 }, (_, k) => ({
    id: `${k}`,
    name: `t${k}`,
    state: k === 7 ? ("failed" as const) : ("current" as const),
  }));
  show(<Galaxy tenants={tenants} />);
  const picture = screen.getByRole("img", { name: "2000 tenant schemas, Up to date: 1999, Failed: 1" });
  expect(picture.querySelectorAll("*").length).toBeLessThan(40);
});

test("an activity strip says how much there was and when most", () => {
  const events = [at(9), at(9.5), at(15)].map((when, k) => ({ id: `${k}`, at: when }));
  const { rerender } = show(<ActivityStrip events={events} now={NOW} zone={ZONE} />);
  expect(screen.getByRole("img", { name: "3 events so far today, busiest after 06" })).toBeTruthy();
  rerender(<ActivityStrip events={[]} now={NOW} zone={ZONE} days={7} />);
  expect(screen.getByRole("img", { name: "No events" })).toBeTruthy();
});

test("the reticle adds nothing that is spoken", () => {
  show(
    <Reticle on>
      <button type="button">Field</button>
    </Reticle>,
  );
  expect(screen.getByRole("button", { name: "Field" }).parentElement?.className).toContain("reticle-on");
});

test("without view transitions, or without wish for motion, the theme changes at once", async () => {
  const onChange = vi.fn();
  show(<Terminator theme="dark" onChange={onChange} />);
  fireEvent.click(screen.getByRole("button", { name: "Switch to day" }));
  expect(onChange).toHaveBeenCalledWith("light");
  const set = vi.fn();
  await crossTerminator(set, document.body);
  expect(set).toHaveBeenCalledOnce();
});

test("the pieces speak Arabic and run from right to left", async () => {
  await speak("ar", false);
  draw(<Sky {...day} />);
  expect(document.documentElement.dir).toBe("rtl");
  expect(screen.getByRole("img").getAttribute("aria-label")).toContain("3 أحداث حتى الآن");
  expect(i18next.language).toBe("ar");
});
