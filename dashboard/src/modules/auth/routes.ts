import { createRoute } from "@tanstack/react-router";
import { page, text, under } from "@/app/routes";

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
  component: page(["auth"], () => import("@/modules/auth/sign-in"), "SignInPage"),
});
const signUp = createRoute({
  ...under("/sign-up"),
  component: page(["auth"], () => import("@/modules/auth/sign-up"), "SignUpPage"),
});
const verify = createRoute({ ...under("/verify-email"), component: page(["auth"], links, "VerifyPage") });
const forgot = createRoute({ ...under("/forgot-password"), component: page(["auth"], links, "ForgotPage") });
const reset = createRoute({ ...under("/reset-password"), component: page(["auth"], links, "ResetPage") });
const join = createRoute({ ...under("/accept-invitation"), component: page(["auth"], links, "JoinPage") });

export const authRoutes = [signIn, signUp, verify, forgot, reset, join] as const;
