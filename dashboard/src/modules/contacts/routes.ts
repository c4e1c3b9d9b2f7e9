import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { readSearch } from "./address";
import { ahead } from "./list/ahead";

const contacts = createRoute({
  ...inside("/contacts"),
  validateSearch: readSearch,
  // What the page will show is asked for while the page itself is on its way.
  loader: ({ location }) => ahead(readSearch(location.search)),
  component: page(["contacts"], () => import("@/modules/contacts/page"), "ContactsPage"),
});
const contact = createRoute({
  ...inside("/contacts/$id"),
  component: page(["contacts", "companies", "privacy"], () => import("@/modules/contacts/contact-page"), "ContactPage"),
});

export const contactsRoutes = [contacts, contact] as const;
