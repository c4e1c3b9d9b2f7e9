import { Inbox, Plus, SquarePen } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";
import { stateOf } from "./state";

export const palette: Palette = ({ me, t }) => ({
  order: 20,
  pages: may(me, "forms.read")
    ? [{ id: "submissions", label: t("forms.allAnswers"), icon: <Inbox />, to: "/submissions" }]
    : [],
  actions: may(me, "forms.write")
    ? [{ id: "new-form", label: t("forms.create"), icon: <Plus />, to: "/forms?new=true" }]
    : [],
  sources: may(me, "forms.read")
    ? [
        {
          id: "forms",
          group: t("forms.title"),
          ask: async (words, signal) => {
            const query = { limit: 6, sort: "name", filter: [`name:contains:${words}`] };
            const page = await ok(api.GET("/v1/forms", { params: { query }, signal }));
            return page.items.map(({ id, name, state }) => ({
              id,
              label: name,
              note: t(`forms.state.${stateOf(state)}`),
              icon: <SquarePen />,
              to: `/forms/${id}`,
            }));
          },
        },
      ]
    : [],
});
