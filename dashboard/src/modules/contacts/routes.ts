import { createRoute } from "@tanstack/react-router";
import { inside, page } from "@/app/routes";
import { readSearch } from "./address";

const contacts = createRoute({
  ...inside("/contacts"),
  validateSearch: readSearch,
  component: page(["contacts"], () => import("@/modules/contacts/page"), "ContactsPage"),
});
const contact = createRoute({
  ...inside("/contacts/$id"),
  component: page(["contacts", "companies", "privacy"], () => import("@/modules/contacts/contact-page"), "ContactPage"),
});

export const contactsRoutes = [contacts, contact] as const;
