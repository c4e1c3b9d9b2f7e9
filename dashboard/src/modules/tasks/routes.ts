import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import type { TasksSearch } from "./address";

const tasks = createRoute({
  ...inside("/tasks"),
  // Read by the page: the first load of the console does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as TasksSearch,
  component: page(["tasks", "views", "sheets"], () => import("@/modules/tasks/page"), "TasksPage"),
});

export const tasksRoutes = [tasks] as const;
