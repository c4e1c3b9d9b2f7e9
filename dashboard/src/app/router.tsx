import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";

const root = createRootRoute({ component: Outlet });

/** Every component in every state; only while developing. */
const gallery = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: "/gallery",
        component: lazyRouteComponent(() => import("@/gallery/gallery"), "Gallery"),
      }),
    ]
  : [];

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("@/modules/home/page"), "HomePage"),
});

export const router = createRouter({ routeTree: root.addChildren([home, ...gallery]), defaultPreload: "intent" });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
