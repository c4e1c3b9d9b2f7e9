import { Plus } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";
import { Avatar } from "@/ui/avatar";

export const palette: Palette = ({ me, t }) => {
  const agency = me.tenant.kind === "agency";
  return {
    order: 20,
    actions:
      agency && may(me, "tenants.clients.write")
        ? [{ id: "new-client", label: t("clients.create"), icon: <Plus />, to: "/clients?new=true" }]
        : [],
    sources:
      agency && may(me, "tenants.clients.read")
        ? [
            {
              id: "clients",
              group: t("clients.title"),
              ask: async (words, signal) => {
                const query = { limit: 6, filter: [`name:contains:${words}`] };
                const page = await ok(api.GET("/v1/clients", { params: { query }, signal }));
                return page.items.map(({ id, name }) => ({
                  id,
                  label: name,
                  icon: <Avatar name={name} id={id} size="sm" square />,
                  to: "/clients",
                }));
              },
            },
          ]
        : [],
  };
};
