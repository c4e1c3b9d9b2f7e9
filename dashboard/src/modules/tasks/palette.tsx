import { ListTodo, Plus } from "lucide-react";
import { api, ok } from "@/api/client";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => ({
  order: 25,
  actions: may(me, "tasks.write")
    ? [{ id: "new-task", label: t("tasks.create"), icon: <Plus />, to: "/tasks?new=true" }]
    : [],
  sources: may(me, "tasks.read")
    ? [
        {
          id: "tasks",
          group: t("tasks.title"),
          ask: async (q, signal) => {
            const query = { q, limit: 6, sort: "due", filter: ["status:eq:open"] };
            const page = await ok(api.GET("/v1/tasks", { params: { query }, signal }));
            return page.items.map(({ id, title, due_on }) => ({
              id,
              label: title,
              note: due_on ?? t("tasks.column.undated"),
              icon: <ListTodo />,
              to: `/tasks?who=everybody&task=${id}`,
            }));
          },
        },
      ]
    : [],
});
