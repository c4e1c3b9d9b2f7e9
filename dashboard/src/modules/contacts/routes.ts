import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { soon } from "@/app/soon";
import { readIds, readSearch, readStep } from "./address";
import { ahead } from "./list/ahead";

const contacts = createRoute({
  ...inside("/contacts"),
  validateSearch: readSearch,
  // What the page will show is asked for while the page itself is on its way.
  loader: ({ location }) => soon(ahead(readSearch(location.search))),
  component: page(["contacts", "fields", "segments"], () => import("@/modules/contacts/page"), "ContactsPage"),
});
const contact = createRoute({
  ...inside("/contacts/$id"),
  component: page(
    ["contacts", "companies", "privacy", "fields"],
    () => import("@/modules/contacts/contact-page"),
    "ContactPage",
  ),
});

const imports = createRoute({
  ...inside("/contacts/imports"),
  component: page(["contacts", "imports"], () => import("@/modules/imports/page"), "ImportsPage"),
});
const oneImport = createRoute({
  ...inside("/contacts/imports/$id"),
  validateSearch: readStep,
  component: page(["contacts", "imports"], () => import("@/modules/imports/import-page"), "ImportPage"),
});

const duplicates = createRoute({
  ...inside("/contacts/duplicates"),
  component: page(["contacts", "duplicates"], () => import("@/modules/duplicates/page"), "DuplicatesPage"),
});
const merge = createRoute({
  ...inside("/contacts/merge"),
  validateSearch: readIds,
  component: page(["contacts", "duplicates", "fields"], () => import("@/modules/duplicates/merge-page"), "MergePage"),
});

export const contactsRoutes = [contacts, contact, imports, oneImport, duplicates, merge] as const;
