import { createRoute } from "@tanstack/react-router";
import { inside, page, under } from "@/app/routes";

const account = createRoute({
  ...inside("/account"),
  component: page(["account", "auth", "notifications"], () => import("@/modules/account/page"), "AccountPage"),
});

const links = () => import("@/modules/account/links");
const confirm = createRoute({
  ...under("/confirm-email"),
  component: page(["account", "auth"], links, "ConfirmEmailPage"),
});
const restore = createRoute({
  ...under("/restore-email"),
  component: page(["account", "auth"], links, "RestoreEmailPage"),
});

export const accountRoutes = [account] as const;
/** Pages behind the links of mails. */
export const addressRoutes = [confirm, restore] as const;
