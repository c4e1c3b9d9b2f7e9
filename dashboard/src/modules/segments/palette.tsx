import { Plus, SlidersHorizontal } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => {
  const reads = may(me, "segments.read");
  return {
    order: 12,
    pages: reads
      ? [
          {
            id: "/contacts/segments",
            label: t("segments.title"),
            icon: <SlidersHorizontal />,
            to: "/contacts/segments",
          },
        ]
      : [],
    actions: may(me, "segments.write")
      ? [{ id: "new-segment", label: t("segments.create"), icon: <Plus />, to: "/contacts/segments/new" }]
      : [],
    sources: reads
      ? [
          {
            id: "segments",
            group: t("segments.title"),
            ask: async (words, signal) => {
              const query = { limit: 6, filter: [`name:contains:${words}`] };
              const page = await ok(api.GET("/v1/segments", { params: { query }, signal }));
              return page.items.map(({ id, name }) => ({
                id,
                label: name,
                icon: <SlidersHorizontal />,
                to: `/contacts?f=segment:eq:${id}`,
              }));
            },
          },
        ]
      : [],
  };
};
