import { LogIn, Plus } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";
import { Avatar } from "@/ui/avatar";

export const palette: Palette = ({ me, t }) => {
  const agency = me.tenant.kind === "agency";
  const reads = agency && may(me, "tenants.clients.read");
  const enters = reads && may(me, "identity.impersonate");
  return {
    order: 20,
    actions: [
      ...(agency && may(me, "tenants.clients.write")
        ? [{ id: "new-client", label: t("clients.create"), icon: <Plus />, to: "/clients?new=true" }]
        : []),
      ...(enters ? [{ id: "enter-client", label: t("clients.enter"), icon: <LogIn />, to: "/clients" }] : []),
    ],
    // Clients and nothing else go by the id of an account.
    about: ({ id, label: name }) =>
      enters && id.startsWith("ten_")
        ? [
            {
              id: `enter:${id}`,
              label: t("clients.enterOne", { name }),
              icon: <LogIn />,
              press: "e",
              to: `/clients/${id}?enter=true`,
            },
          ]
        : [],
    sources: reads
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
                to: `/clients/${id}`,
              }));
            },
          },
        ]
      : [],
  };
};
