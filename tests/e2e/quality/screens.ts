/**
 * Every screen of the console, one entry each. A route of the app that is missing here fails the suite, so whoever adds
 * a page adds its line; everything in `look.ts` is then asked of it.
 */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Filled } from "../support/filled";

export type Who = "nobody" | "agency" | "client";
export type Ids = Filled["ids"];

export interface Screen {
  /** The route as the router calls it: `/contacts/$id`. */
  route: string;
  who: Who;
  /** Its address, when it is not the route itself. */
  at?: (ids: Ids) => string;
  /** What is there when the page shows what it is for, not only its frame. */
  shows: (page: Page) => Locator;
  /** What it shows is not there: the browser says that the server said so. */
  gone?: true;
  /** What can be opened on it, in this order; each is looked at too. */
  opens?: { name: string; only?: "wide" | "phone"; open: (page: Page) => Promise<void> }[];
}

const heading = (name: string | RegExp) => (page: Page) => page.getByRole("heading", { name }).first();
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).filter({ visible: true }).first();
const field = (label: string) => (page: Page) => page.getByLabel(label, { exact: true }).first();
const dialog = (page: Page) => page.getByRole("dialog");

/** A button that opens something, and what it opens. */
const press = (name: string | RegExp, role: "dialog" | "menu" = "dialog") => ({
  open: async (page: Page) => {
    // A walk has minutes; what cannot be pressed is to be named at once.
    await page.getByRole("button", { name }).filter({ visible: true }).first().click({ timeout: 10_000 });
    await expect(page.getByRole(role).first()).toBeVisible();
  },
});
const leave = async (page: Page, role: "dialog" | "menu" = "dialog") => {
  await page.keyboard.press("Escape");
  await expect(page.getByRole(role)).toHaveCount(0);
};

const auth: Screen[] = [
  { route: "/sign-in", who: "nobody", shows: field("Password") },
  { route: "/sign-up", who: "nobody", shows: field("Agency name") },
  { route: "/forgot-password", who: "nobody", shows: field("Work email") },
  { route: "/verify-email", who: "nobody", at: () => "/verify-email#token=x", shows: field("Password") },
  { route: "/reset-password", who: "nobody", at: () => "/reset-password#token=x", shows: field("New password") },
  { route: "/confirm-email", who: "nobody", at: () => "/confirm-email#token=x", shows: field("Password") },
  { route: "/restore-email", who: "nobody", at: () => "/restore-email#token=x", shows: field("New password") },
  { route: "/accept-invitation", who: "nobody", at: () => "/accept-invitation#token=x", shows: field("Your name") },
];

const everywhere: Screen[] = [
  {
    route: "/notifications",
    who: "client",
    shows: heading("Notifications"),
    opens: [
      {
        name: "palette",
        open: async (page) => {
          await page.keyboard.press("Control+k");
          await expect(page.getByRole("combobox")).toBeFocused();
        },
      },
      {
        name: "shortcuts",
        only: "wide",
        open: async (page) => {
          await leave(page);
          await page.keyboard.press("?");
          await expect(dialog(page)).toBeVisible();
        },
      },
      {
        name: "bell",
        open: async (page) => {
          await leave(page);
          await press(/^Notifications/).open(page);
        },
      },
      {
        name: "account menu",
        only: "wide",
        open: async (page) => {
          await leave(page);
          await press(/^Account/, "menu").open(page);
        },
      },
      {
        name: "all places",
        only: "phone",
        open: async (page) => {
          await leave(page);
          await press("More: All places").open(page);
        },
      },
    ],
  },
  { route: "/account", who: "agency", shows: text("This device") },
];

const contacts: Screen[] = [
  {
    route: "/contacts",
    who: "client",
    shows: text("Ada Brandt"),
    opens: [
      {
        name: "bulk bar",
        only: "wide",
        open: async (page) => {
          await page.getByRole("checkbox").nth(1).click();
          await expect(page.getByText("1 selected")).toBeVisible();
        },
      },
    ],
  },
  { route: "/contacts", who: "client", at: () => "/contacts?new=true", shows: dialog },
  { route: "/contacts", who: "client", at: () => "/contacts?q=nobody-at-all", shows: text(/^No|nothing/i) },
  {
    route: "/contacts/segments",
    who: "client",
    shows: text("No segments yet"),
  },
  {
    route: "/contacts/segments/$id",
    who: "client",
    at: () => "/contacts/segments/new",
    shows: heading("Conditions"),
    opens: [{ name: "related", ...press("Related record", "menu") }],
  },
  { route: "/contacts/bulk-runs", who: "client", shows: text("Stage: Contacted") },
  {
    route: "/contacts/duplicates",
    who: "client",
    shows: text("Same email"),
    opens: [press("Merge the sure ones")].map((each) => ({ name: "merge-sure", ...each })),
  },
  {
    route: "/contacts/merge",
    who: "client",
    at: ({ contact, twin }) => `/contacts/merge?ids=${encodeURIComponent(JSON.stringify([contact, twin]))}`,
    shows: text("All other fields are the same or empty."),
  },
  { route: "/contacts/imports", who: "client", shows: text("fair-2026.csv") },
  {
    route: "/contacts/imports/$id",
    who: "client",
    at: ({ importDraft }) => `/contacts/imports/${importDraft}`,
    shows: text(/Favourite colour/),
  },
  {
    route: "/contacts/imports/$id",
    who: "client",
    at: ({ importDraft }) => `/contacts/imports/${importDraft}?step=matching`,
    shows: heading("What every new contact gets"),
  },
  {
    route: "/contacts/imports/$id",
    who: "client",
    at: ({ importDraft }) => `/contacts/imports/${importDraft}?step=start`,
    shows: text("Why rows stay out"),
  },
  {
    route: "/contacts/imports/$id",
    who: "client",
    at: ({ importDone }) => `/contacts/imports/${importDone}`,
    shows: text("This is no email address"),
    opens: [{ name: "undo", ...press("Undo the import") }],
  },
  { route: "/contacts/$id", who: "client", at: ({ contact }) => `/contacts/${contact}`, shows: text(/Asked about/) },
];

const companies: Screen[] = [
  { route: "/companies", who: "client", shows: text("Harbour & Co") },
  { route: "/companies", who: "client", at: () => "/companies?new=true", shows: dialog },
  { route: "/companies", who: "client", at: () => "/companies?q=nothing-at-all", shows: text(/^No|nothing/i) },
  {
    route: "/companies/duplicates",
    who: "client",
    shows: text("Same domain"),
    opens: [press("Merge the sure ones")].map((each) => ({ name: "merge-sure", ...each })),
  },
  { route: "/companies/bulk-runs", who: "client", shows: text("Tier: Bronze") },
  {
    route: "/companies/merge",
    who: "client",
    at: ({ company, companyTwin }) =>
      `/companies/merge?ids=${encodeURIComponent(JSON.stringify([company, companyTwin]))}`,
    shows: text("All other fields are the same or empty."),
  },
  {
    route: "/companies/$id",
    who: "client",
    at: ({ company }) => `/companies/${company}`,
    shows: text("Going well"),
    opens: [
      { name: "roles", ...press("Roles of Ada Brandt") },
      {
        name: "edit",
        open: async (page) => {
          await leave(page);
          await press("More", "menu").open(page);
          await page.getByRole("menuitem", { name: "Edit" }).click();
          await expect(page.getByRole("dialog", { name: "Edit company" })).toBeVisible();
        },
      },
    ],
  },
];

const deals: Screen[] = [
  {
    route: "/deals",
    who: "client",
    shows: text("Roof of the boathouse"),
    opens: [{ name: "card menu", only: "wide", ...press(/^Actions for Roof/, "menu") }],
  },
  { route: "/deals", who: "client", at: () => "/deals?new=true", shows: dialog },
  {
    route: "/deals",
    who: "client",
    at: () => "/deals?view=table",
    shows: text("Roof of the boathouse"),
    opens: [
      {
        name: "selection",
        only: "wide",
        open: async (page) => {
          await page.getByRole("checkbox", { name: "Select all that are shown" }).check({ timeout: 10_000 });
          await expect(page.getByRole("button", { name: "Move to stage" })).toBeVisible();
        },
      },
    ],
  },
  { route: "/deals", who: "client", at: () => "/deals?view=table&deleted=true", shows: text("Nothing was deleted") },
  { route: "/deals/bulk-runs", who: "client", shows: text("Stage: Qualified") },
  { route: "/deals", who: "client", at: () => "/deals?view=orbit", shows: text("Roof of the boathouse") },
  { route: "/deals", who: "client", at: () => "/deals?view=forecast", shows: text("How likely each stage is") },
  { route: "/deals", who: "client", at: () => "/deals?at=2126-01-01T00:00:00Z", shows: text("As it was") },
  { route: "/deals", who: "client", at: () => "/deals?q=nothing-at-all", shows: text("No deal fits") },
  {
    route: "/deals/$id",
    who: "client",
    at: ({ deal }) => `/deals/${deal}`,
    shows: text("Decides"),
    opens: [
      {
        name: "lines",
        open: async (page) => {
          await page.getByRole("button", { name: "Edit lines" }).click();
          await expect(page.getByRole("form", { name: "What is sold" })).toBeVisible();
        },
      },
    ],
  },
];

const tasks: Screen[] = [
  {
    route: "/tasks",
    who: "client",
    shows: text("Send the offer"),
    opens: [{ name: "task menu", only: "wide", ...press(/^Actions of Send/, "menu") }],
  },
  { route: "/tasks", who: "client", at: () => "/tasks?new=true", shows: dialog },
  { route: "/tasks", who: "client", at: ({ task }) => `/tasks?task=${task}`, shows: dialog },
  { route: "/tasks", who: "client", at: () => "/tasks?view=table", shows: text("Send the offer") },
  { route: "/tasks", who: "client", at: () => "/tasks?view=table&deleted=true", shows: text("Nothing was deleted") },
  { route: "/tasks", who: "client", at: () => "/tasks?view=figures", shows: text("Done of what was due") },
  { route: "/tasks/radar", who: "client", shows: text("Nobody is forgotten") },
  { route: "/tasks/follow-ups", who: "client", shows: text(/What will become a task/) },
  { route: "/tasks", who: "client", at: () => "/tasks?q=nothing-at-all", shows: text("No task fits") },
];

const reports: Screen[] = [
  { route: "/reports", who: "client", shows: text("New contacts") },
  {
    route: "/reports",
    who: "client",
    at: () => "/reports?kind=win_rate&span=this_year",
    shows: heading("By member"),
  },
  { route: "/reports", who: "client", at: () => "/reports?kind=revenue&span=this_year", shows: heading("Forecast") },
  {
    route: "/reports/rows",
    who: "client",
    at: () => "/reports/rows?list=deals&f=status:eq:open",
    shows: text("Rows behind a number"),
  },
];

const occasions: Screen[] = [
  { route: "/occasions", who: "client", shows: (page) => page.getByRole("table") },
  { route: "/occasions", who: "client", at: () => "/occasions?view=next", shows: text("Next 7 days") },
  { route: "/occasions/greetings", who: "client", shows: text("Kites and birthdays") },
  { route: "/occasions/greetings", who: "client", at: () => "/occasions/greetings?new=true", shows: dialog },
  {
    route: "/occasions/greetings",
    who: "client",
    at: () => "/occasions/greetings?view=approvals",
    shows: text("Nothing waits"),
  },
  {
    route: "/occasions/greetings",
    who: "client",
    at: () => "/occasions/greetings?view=simulation",
    shows: text(/contacts? looked at/),
  },
  {
    route: "/occasions/greetings",
    who: "client",
    at: () => "/occasions/greetings?view=sent",
    shows: text("Nothing yet"),
  },
  { route: "/occasions/settings", who: "client", shows: field("Moved: Eid al-Fitr") },
];

const agency: Screen[] = [
  { route: "/", who: "agency", shows: text(/^Good /) },
  { route: "/", who: "client", shows: text(/^Good /) },
  { route: "/clients", who: "agency", shows: text("Lantern Ferries") },
  { route: "/clients", who: "agency", at: () => "/clients?new=true", shows: dialog },
];

const settings: Screen[] = [
  { route: "/settings", who: "client", shows: text("General") },
  { route: "/settings", who: "agency", shows: text("General") },
  { route: "/settings/general", who: "client", shows: field("Name") },
  {
    route: "/settings/contact-stages",
    who: "client",
    shows: text("Not answered"),
    opens: [{ name: "new", ...press("New stage") }],
  },
  {
    route: "/settings/pipelines",
    who: "client",
    shows: text("Sales"),
    opens: [{ name: "new", ...press("New pipeline") }],
  },
  {
    route: "/settings/pipelines",
    who: "client",
    shows: text(/^New deals from Fair/),
    opens: [{ name: "rule", ...press("Add rule") }],
  },
  {
    route: "/settings/pipelines",
    who: "client",
    shows: text(/^New deals from Fair/),
    opens: [{ name: "absence", ...press(/^Absence of/) }],
  },
  {
    route: "/settings/fields",
    who: "client",
    shows: text("No fields yet"),
    opens: [{ name: "new", ...press("New field") }],
  },
  {
    route: "/settings/pipelines/$id",
    who: "client",
    at: ({ pipeline }) => `/settings/pipelines/${pipeline}`,
    shows: heading("Why deals are lost"),
    opens: [{ name: "asks", ...press("Asks for nothing (New)") }],
  },
  {
    route: "/settings/follow-ups",
    who: "client",
    shows: text("After a proposal"),
    opens: [{ name: "rule", ...press("New rule") }],
  },
  {
    route: "/settings/follow-ups",
    who: "client",
    shows: text("After a proposal"),
    opens: [{ name: "sequence", ...press("New sequence") }],
  },
  {
    route: "/settings/scoring",
    who: "client",
    shows: text("Has a phone number"),
    opens: [{ name: "rule", ...press("Change: Call or meeting") }],
  },
  {
    route: "/settings/domains",
    who: "client",
    shows: text("https://kites.example"),
    opens: [{ name: "add", ...press("Allow a website") }],
  },
  {
    route: "/settings/own-domains",
    who: "agency",
    shows: text("No domain of your own yet"),
    opens: [{ name: "add", ...press("Add a domain") }],
  },
  {
    route: "/settings/api-keys",
    who: "client",
    shows: text("Reporting"),
    opens: [{ name: "one", ...press(/Reporting/) }],
  },
  { route: "/settings/webhooks", who: "client", shows: text("Ledger") },
  {
    route: "/settings/webhooks/$id",
    who: "client",
    at: ({ webhook }) => `/settings/webhooks/${webhook}`,
    shows: text("webhook.tested"),
  },
  { route: "/settings/plan", who: "agency", shows: heading("Plans on offer") },
  { route: "/settings/storage", who: "client", shows: text("Nothing is held back") },
  { route: "/settings/mails", who: "client", shows: heading("Outgoing mails") },
  {
    route: "/settings/privacy",
    who: "client",
    shows: text("No requests yet"),
    opens: [{ name: "new", ...press("New request") }],
  },
];

/** The page's own heading: enough where what else is on it differs from world to world. */
const titled = heading(/./);
const people: Screen[] = [
  { route: "/settings/team", who: "agency", shows: titled },
  { route: "/settings/team", who: "client", shows: titled },
  { route: "/settings/roles", who: "agency", shows: titled },
  { route: "/settings/roles/$id", who: "agency", at: ({ role }) => `/settings/roles/${role}`, shows: titled },
  { route: "/settings/why", who: "agency", shows: titled },
  { route: "/settings/access", who: "agency", shows: titled },
  { route: "/settings/brand", who: "agency", shows: titled },
  { route: "/settings/audit", who: "agency", shows: titled },
  { route: "/clients/$id", who: "agency", at: ({ client }) => `/clients/${client}`, shows: titled },
];

const forms: Screen[] = [
  { route: "/forms", who: "client", shows: text("Lessons") },
  { route: "/forms/$id", who: "client", at: ({ form }) => `/forms/${form}`, shows: titled },
  { route: "/forms/$id/submissions", who: "client", at: ({ form }) => `/forms/${form}/submissions`, shows: titled },
  { route: "/forms/$id/analytics", who: "client", at: ({ form }) => `/forms/${form}/analytics`, shows: titled },
  { route: "/submissions", who: "client", shows: titled },
  { route: "/submissions/$id", who: "client", at: ({ submission }) => `/submissions/${submission}`, shows: titled },
];

const client: Screen[] = [
  { route: "/widgets", who: "client", shows: text("Lessons") },
  {
    route: "/widgets/$id",
    who: "client",
    at: ({ widget }) => `/widgets/${widget}`,
    shows: text("Put it into a website"),
  },
];

/** What stands in place of a page. */
const instead: Screen[] = [
  { route: "/$missing", who: "client", at: () => "/no-such-page", shows: heading("Nothing at this address") },
  {
    route: "/contacts/$id",
    who: "client",
    at: () => "/contacts/con_00000000000000000000000000",
    shows: text(/not there/),
    gone: true,
  },
];

export const SCREENS: readonly Screen[] = [
  ...auth,
  ...everywhere,
  ...contacts,
  ...companies,
  ...deals,
  ...tasks,
  ...occasions,
  ...reports,
  ...agency,
  ...settings,
  ...people,
  ...forms,
  ...client,
  ...instead,
];

/** Routes that are no screens: frames around others, and what only sends somebody on. */
export const NO_SCREENS: readonly string[] = ["/enter", "/notifications/open", "/webhooks/$id"];
/** What no route is for. */
export const NO_ROUTES: readonly string[] = ["/$missing"];
