import { createRoute } from "@tanstack/react-router";
import { inside, page, text } from "@/app/routes";
import type { Search } from "./submissions/search";

const one = <T extends string>(value: unknown, of: readonly T[]): T | undefined =>
  of.find((candidate) => candidate === value);

const STATES = ["received", "quarantined", "spam"] as const;

interface ListSearch {
  q?: string;
  state?: "draft" | "published" | "unpublished";
  new?: true;
}
interface BuilderSearch {
  tab?: "logic" | "style" | "settings";
}
interface AnalyticsSearch {
  days?: "7" | "30" | "90" | "365";
  version?: number;
}

const answers = (search: Record<string, unknown>): Search => ({
  state: one(search.state, STATES),
  open: text(search.open),
  from: text(search.from),
  to: text(search.to),
});

const list = createRoute({
  ...inside("/forms"),
  validateSearch: (search: Record<string, unknown>): ListSearch => ({
    q: text(search.q)?.slice(0, 100),
    state: one(search.state, ["draft", "published", "unpublished"] as const),
    new: search.new === true || search.new === "true" ? (true as const) : undefined,
  }),
  component: page(["forms", "sheets"], () => import("@/modules/forms/page"), "FormsPage"),
});
const builder = createRoute({
  ...inside("/forms/$id"),
  validateSearch: (search: Record<string, unknown>): BuilderSearch => ({
    tab: one(search.tab, ["logic", "style", "settings"] as const),
  }),
  component: page(["forms"], () => import("@/modules/forms/builder/page"), "BuilderPage"),
});
const ofForm = createRoute({
  ...inside("/forms/$id/submissions"),
  validateSearch: answers,
  component: page(["forms"], () => import("@/modules/forms/submissions/page"), "FormSubmissionsPage"),
});
const analytics = createRoute({
  ...inside("/forms/$id/analytics"),
  validateSearch: (search: Record<string, unknown>): AnalyticsSearch => ({
    days: one(search.days, ["7", "30", "90", "365"] as const),
    version: typeof search.version === "number" ? search.version : undefined,
  }),
  component: page(["forms", "sheets"], () => import("@/modules/forms/analytics/page"), "AnalyticsPage"),
});
const submissions = createRoute({
  ...inside("/submissions"),
  validateSearch: answers,
  component: page(["forms"], () => import("@/modules/forms/submissions/page"), "SubmissionsPage"),
});
const submission = createRoute({
  ...inside("/submissions/$id"),
  component: page(["forms"], () => import("@/modules/forms/submissions/one"), "SubmissionPage"),
});

export const formsRoutes = [list, builder, ofForm, analytics, submissions, submission] as const;
