import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";
import type { Narrowed } from "./data";

const mails = createRoute({
  ...underSettings("/mails"),
  // Read by the page, so that the first load does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as Narrowed,
  component: page(["settings", "mails"], () => import("@/modules/settings/pages"), "MailsPage"),
});

export const mailsRoutes = [mails] as const;
