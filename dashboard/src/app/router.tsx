import { createRoute, createRouter } from "@tanstack/react-router";
import { accountRoutes, addressRoutes } from "@/modules/account/routes";
import type { adminRoutes } from "@/modules/admin/routes";
import { apiKeysRoutes } from "@/modules/apikeys/routes";
import { webhookNotices, webhooksRoutes } from "@/modules/webhooks/routes";
import { authRoutes } from "@/modules/auth/routes";
import { auditRoutes } from "@/modules/audit/routes";
import { brandRoutes } from "@/modules/brand/routes";
import { clientsRoutes } from "@/modules/clients/routes";
import { companiesRoutes } from "@/modules/companies/routes";
import { contactsRoutes, stageRoutes } from "@/modules/contacts/routes";
import { dealsRoutes, pipelineRoutes } from "@/modules/deals/routes";
import { fieldsRoutes } from "@/modules/fields/routes";
import { followUpRoutes, radarRoutes } from "@/modules/followups/routes";
import { formsRoutes } from "@/modules/forms/routes";
import { homeRoutes } from "@/modules/home/routes";
import { mailsRoutes } from "@/modules/mails/routes";
import { notificationsRoutes } from "@/modules/notifications/routes";
import { segmentsRoutes } from "@/modules/segments/routes";
import { occasionsRoutes } from "@/modules/occasions/routes";
import { originsRoutes } from "@/modules/origins/routes";
import { privacyRoutes } from "@/modules/privacy/routes";
import { reportsRoutes } from "@/modules/reports/routes";
import { runsRoutes } from "@/modules/runs/routes";
import { scoresRoutes } from "@/modules/scores/routes";
import { settings, settingsRoutes } from "@/modules/settings/routes";
import { tasksRoutes } from "@/modules/tasks/routes";
import { teamRoutes } from "@/modules/team/routes";
import { visitRoutes } from "@/modules/visit/routes";
import { widgetsRoutes } from "@/modules/widgets/routes";
import { isSparing } from "./idle";
import { PageFailed } from "./page-failed";
import { page, root, shell, under } from "./routes";
import { onAdmin } from "./where";

/** Every component in every state; only while developing. */
const gallery = import.meta.env.DEV
  ? [createRoute({ ...under("/gallery"), component: page(["shell"], () => import("@/gallery/gallery"), "Gallery") })]
  : [];

/** Nobody else loads them; on the origin of agencies and clients their addresses are not found. */
const administration: typeof adminRoutes = onAdmin
  ? (await import("@/modules/admin/routes")).adminRoutes
  : ([] as unknown as typeof adminRoutes);

export const router = createRouter({
  routeTree: root.addChildren([
    ...authRoutes,
    ...addressRoutes,
    shell.addChildren([
      ...homeRoutes,
      ...contactsRoutes,
      ...segmentsRoutes,
      ...companiesRoutes,
      ...dealsRoutes,
      ...runsRoutes,
      ...tasksRoutes,
      ...occasionsRoutes,
      ...radarRoutes,
      ...reportsRoutes,
      ...formsRoutes,
      ...clientsRoutes,
      ...notificationsRoutes,
      ...accountRoutes,
      ...widgetsRoutes,
      ...webhookNotices,
      settings.addChildren([
        ...settingsRoutes,
        ...originsRoutes,
        ...teamRoutes,
        ...brandRoutes,
        ...auditRoutes,
        ...apiKeysRoutes,
        ...stageRoutes,
        ...pipelineRoutes,
        ...fieldsRoutes,
        ...followUpRoutes,
        ...scoresRoutes,
        ...webhooksRoutes,
        ...mailsRoutes,
        ...privacyRoutes,
      ]),
    ]),
    ...visitRoutes,
    ...administration,
    ...gallery,
  ]),
  defaultPreload: isSparing() ? false : "intent",
  // Before anything is shown: the server is away, or asks for patience.
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
