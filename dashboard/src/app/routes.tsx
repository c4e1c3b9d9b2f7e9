import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useLayoutEffect, useSyncExternalStore } from "react";
import { me, queries, tenant } from "@/api/queries";
import { session } from "@/api/session";
import { type Module, withWords } from "@/i18n/words";
import { Boundary } from "@/ui/boundary";
import { NotFound } from "./not-found";
import { soon } from "./soon";
import { onAdmin } from "./where";

const Inside = lazy(async () => ({ default: (await withWords(["visit"], import("@/modules/visit/inside"))).Inside }));
const visits = () =>
  session.state.kind === "over" || (session.state.kind === "in" && session.state.visit !== undefined);

/** Around everything there is: who is inside a client sees it on every page. */
function Root() {
  const inside = useSyncExternalStore(session.subscribe, visits);
  // Before the banner has come: what it stands above does not move when it does.
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute("data-inside", inside);
  }, [inside]);
  return (
    <Boundary>
      {inside && (
        <Suspense fallback={<div className="fixed inset-x-0 top-0 z-100 h-(--banner) bg-sun" />}>
          <Inside />
        </Suspense>
      )}
      <Outlet />
    </Boundary>
  );
}

export const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
});

/** A text of an address; an empty one is none. */
export const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
export const under = <const P extends string>(path: P) => ({ getParentRoute: () => root, path });
/** A page that comes when somebody goes there, together with the words of its modules. */
export const page = <K extends string>(modules: Module[], load: () => Promise<Record<K, () => ReactNode>>, name: K) =>
  lazyRouteComponent(() => withWords(modules, load()), name);

/** Everything behind the sign-in stands in the shell. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    // Agencies and clients work on an origin of their own.
    if (onAdmin) throw redirect({ to: "/admin" });
    if (session.state.kind === "unknown") await session.token();
    if (session.state.kind === "out") throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  // While the shell is on its way.
  loader: () => soon([queries.prefetchQuery(me), queries.prefetchQuery(tenant)]),
  component: page(["shell"], () => import("@/shell/shell"), "Shell"),
});
export const inside = <const P extends string>(path: P) => ({ getParentRoute: () => shell, path });
