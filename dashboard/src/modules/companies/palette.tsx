import { GitMerge, Plus } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";
import { Avatar } from "@/ui/avatar";

export const palette: Palette = ({ me, t }) => ({
  order: 15,
  actions: [
    ...(may(me, "companies.write")
      ? [{ id: "new-company", label: t("companies.create"), icon: <Plus />, to: "/companies?new=true" }]
      : []),
    ...(may(me, "companies.read")
      ? [
          {
            id: "company-duplicates",
            label: t("companies.duplicatesLong"),
            icon: <GitMerge />,
            to: "/companies/duplicates",
          },
        ]
      : []),
  ],
  sources: may(me, "companies.read")
    ? [
        {
          id: "companies",
          group: t("companies.title"),
          ask: async (q, signal) => {
            const page = await ok(api.GET("/v1/companies", { params: { query: { q, limit: 6 } }, signal }));
            return page.items.map(({ id, name, industry }) => ({
              id,
              label: name,
              note: industry ?? undefined,
              icon: <Avatar name={name} id={id} size="sm" square />,
              to: `/companies/${id}`,
            }));
          },
        },
      ]
    : [],
});
