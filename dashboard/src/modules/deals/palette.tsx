import { Orbit, Plus } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";
import { formats } from "@/i18n/format";
import { money } from "@/ui/money";

export const palette: Palette = ({ me, t }) => ({
  order: 20,
  actions: may(me, "deals.write")
    ? [{ id: "new-deal", label: t("deals.create"), icon: <Plus />, to: "/deals?new=true" }]
    : [],
  sources: may(me, "deals.read")
    ? [
        {
          id: "deals",
          group: t("deals.title"),
          ask: async (q, signal) => {
            const query = { q, limit: 6, sort: "-updated_at" };
            const page = await ok(api.GET("/v1/deals", { params: { query }, signal }));
            const { locale } = formats(document.documentElement.lang || "en");
            return page.items.map(({ id, title, amount, currency, status }) => ({
              id,
              label: title,
              note: status === "open" ? money(amount, currency, locale) : t(`deals.status.${status}`),
              icon: <Orbit />,
              to: `/deals/${id}`,
            }));
          },
        },
      ]
    : [],
});
