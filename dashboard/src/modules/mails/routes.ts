import { createRoute } from "@tanstack/react-router";
import { page } from "@/app/routes";
import { underSettings } from "@/modules/settings/routes";

const mails = createRoute({
  ...underSettings("/mails"),
  component: page(["settings", "mails"], () => import("@/modules/settings/pages"), "MailsPage"),
});

export const mailsRoutes = [mails] as const;
