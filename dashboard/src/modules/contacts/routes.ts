import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { soon } from "@/app/soon";
import type { Step } from "@/modules/imports/address";
import { underSettings } from "@/modules/settings/routes";
import type { View } from "@/modules/duplicates/address";
import { readSearch } from "./address";

const contacts = createRoute({
  ...inside("/contacts"),
  validateSearch: readSearch,
  // What the page will show is asked for while the page itself is on its way.
  loader: async ({ location }) => soon((await import("./list/ahead")).ahead(readSearch(location.search))),
  component: page(["contacts", "fields"], () => import("@/modules/contacts/page"), "ContactsPage"),
});
const contact = createRoute({
  ...inside("/contacts/$id"),
  component: page(
    ["contacts", "activities", "attachments", "companies", "privacy", "fields", "sheets"],
    () => import("@/modules/contacts/contact-page"),
    "ContactPage",
  ),
});

const imports = createRoute({
  ...inside("/contacts/imports"),
  component: page(["contacts", "imports", "sheets"], () => import("@/modules/imports/page"), "ImportsPage"),
});
const oneImport = createRoute({
  ...inside("/contacts/imports/$id"),
  // Read by the page, so that the first load does not carry what only it needs.
  validateSearch: (search: Record<string, unknown>) => search as { step?: Step },
  component: page(["contacts", "imports"], () => import("@/modules/imports/import-page"), "ImportPage"),
});

const duplicates = createRoute({
  ...inside("/contacts/duplicates"),
  validateSearch: (search: Record<string, unknown>) => search as { view?: View },
  component: page(["contacts", "duplicates"], () => import("@/modules/duplicates/page"), "DuplicatesPage"),
});
const merge = createRoute({
  ...inside("/contacts/merge"),
  validateSearch: (search: Record<string, unknown>) => search as { ids?: string[] },
  component: page(["contacts", "duplicates", "fields"], () => import("@/modules/duplicates/merge-page"), "MergePage"),
});

const stages = createRoute({
  ...underSettings("/contact-stages"),
  component: page(["settings", "contacts"], () => import("@/modules/settings/pages"), "StagesPage"),
});

export const stageRoutes = [stages] as const;
export const contactsRoutes = [contacts, contact, imports, oneImport, duplicates, merge] as const;
