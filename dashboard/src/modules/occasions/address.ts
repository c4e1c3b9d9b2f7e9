/** How days are looked at. */
export const VIEWS = ["month", "week", "day", "next"] as const;
export type View = (typeof VIEWS)[number];
export const TABS = ["greetings", "approvals", "simulation", "sent"] as const;
export type Tab = (typeof TABS)[number];

/** What the address of the calendar says. */
export interface CalendarSearch {
  view?: View;
  /** A day that is shown; today when absent. */
  on?: string;
}

/** What the address of the greetings says. */
export interface GreetingsSearch {
  view?: Tab;
  /** The greeting that is open. */
  greeting?: string;
  new?: true;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readCalendar(search: Record<string, unknown>): CalendarSearch {
  const { on } = search;
  return {
    view: VIEWS.find((view) => view === search.view),
    on: typeof on === "string" && DAY.test(on) && !Number.isNaN(Date.parse(on)) ? on : undefined,
  };
}

export function readGreetings(search: Record<string, unknown>): GreetingsSearch {
  const { greeting } = search;
  return {
    view: TABS.find((tab) => tab === search.view),
    greeting: typeof greeting === "string" && /^gre_\w+$/.test(greeting) ? greeting : undefined,
    new: search.new === true || search.new === "true" ? true : undefined,
  };
}
