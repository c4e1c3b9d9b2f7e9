import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";

const list = createRoute({
  ...inside("/contacts/segments"),
  component: page(["segments"], () => import("@/modules/segments/page"), "SegmentsPage"),
});
const one = createRoute({
  ...inside("/contacts/segments/$id"),
  component: page(["segments"], () => import("@/modules/segments/segment-page"), "SegmentPage"),
});

export const segmentsRoutes = [list, one] as const;
