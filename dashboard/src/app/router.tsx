import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { session } from "@/api/session";
import { readSearch } from "@/modules/contacts/search";
import { Boundary } from "@/ui/boundary";
import { NotFound } from "./not-found";
import { PageFailed } from "./page-failed";

const root = createRootRoute({
  component: () => (
    <Boundary>
      <Outlet />
    </Boundary>
  ),
  notFoundComponent: NotFound,
});

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const under = <const P extends string>(path: P) => ({ getParentRoute: () => root, path });
const links = () => import("@/modules/auth/links");

const DONE = ["verifiedLead", "resetDone", "joined"] as const;
type Done = (typeof DONE)[number];
const signIn = createRoute({
  ...under("/sign-in"),
  validateSearch: (search: Record<string, unknown>): { next?: string; done?: Done } => ({
    // Only places in the console: never an address somebody else put there.
    next: text(search.next)?.match(/^\/(?![/\\]).*/)?.[0],
    done: DONE.find((done) => done === search.done),
  }),
  component: lazyRouteComponent(() => import("@/modules/auth/sign-in"), "SignInPage"),
});
const signUp = createRoute({
  ...under("/sign-up"),
  component: lazyRouteComponent(() => import("@/modules/auth/sign-up"), "SignUpPage"),
});
const verify = createRoute({ ...under("/verify-email"), component: lazyRouteComponent(links, "VerifyPage") });
const forgot = createRoute({ ...under("/forgot-password"), component: lazyRouteComponent(links, "ForgotPage") });
const reset = createRoute({ ...under("/reset-password"), component: lazyRouteComponent(links, "ResetPage") });
const join = createRoute({ ...under("/accept-invitation"), component: lazyRouteComponent(links, "JoinPage") });

/** Everything behind the sign-in stands in the shell. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    if (session.state.kind === "unknown") await session.token();
    if (session.state.kind === "out") throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import("@/shell/shell"), "Shell"),
});
const inside = <const P extends string>(path: P) => ({ getParentRoute: () => shell, path });

const home = createRoute({
  ...inside("/"),
  component: lazyRouteComponent(() => import("@/modules/home/page"), "HomePage"),
});

const record = (value: unknown) => (value === true || value === "true" ? true : undefined);
const contacts = createRoute({
  ...inside("/contacts"),
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("@/modules/contacts/page"), "ContactsPage"),
});
const contact = createRoute({
  ...inside("/contacts/$id"),
  component: lazyRouteComponent(() => import("@/modules/contacts/contact-page"), "ContactPage"),
});
const clients = createRoute({
  ...inside("/clients"),
  validateSearch: (search: Record<string, unknown>): { new?: true } => ({ new: record(search.new) }),
  component: lazyRouteComponent(() => import("@/modules/clients/page"), "ClientsPage"),
});
const notifications = createRoute({
  ...inside("/notifications"),
  component: lazyRouteComponent(() => import("@/modules/notifications/page"), "NotificationsPage"),
});
const account = createRoute({
  ...inside("/account"),
  component: lazyRouteComponent(() => import("@/modules/account/page"), "AccountPage"),
});

/** Every component in every state; only while developing. */
const gallery = import.meta.env.DEV
  ? [createRoute({ ...under("/gallery"), component: lazyRouteComponent(() => import("@/gallery/gallery"), "Gallery") })]
  : [];

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signUp,
    verify,
    forgot,
    reset,
    join,
    shell.addChildren([home, contacts, contact, clients, notifications, account]),
    ...gallery,
  ]),
  defaultPreload: "intent",
  // Before anything is shown: the server is away, or asks for patience.
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
