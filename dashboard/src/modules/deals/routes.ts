import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";
import { readSearch } from "./address";

const deals = createRoute({
  ...inside("/deals"),
  validateSearch: readSearch,
  // The board is asked for while the page is on its way.
  loader: ({ location }) => void import("./ahead").then(({ ahead }) => ahead(readSearch(location.search))),
  component: page(["deals", "views", "sheets"], () => import("@/modules/deals/page"), "DealsPage"),
});
const deal = createRoute({
  ...inside("/deals/$id"),
  component: page(
    ["deals", "activities", "attachments", "contacts", "fields", "sheets"],
    () => import("@/modules/deals/deal-page"),
    "DealPage",
  ),
});
const pipelines = createRoute({
  ...underSettings("/pipelines"),
  component: page(["settings", "deals"], () => import("@/modules/deals/pipelines/pages"), "PipelinesPage"),
});
const pipeline = createRoute({
  ...underSettings("/pipelines/$id"),
  component: page(["settings", "deals"], () => import("@/modules/deals/pipelines/pages"), "PipelinePage"),
});

export const dealsRoutes = [deals, deal] as const;
export const pipelineRoutes = [pipelines, pipeline] as const;
