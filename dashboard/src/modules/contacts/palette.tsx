import { FileInput, GitMerge, Hash, Mail, Phone, Plus } from "lucide-react";
import { api, ok, type Schema } from "@/api/client";
import { may } from "@/app/may";
import type { Item, Palette } from "@/modules/palette/parts";
import { Avatar } from "@/ui/avatar";
import { dialled } from "./dialled";

/** People that were found, for what can be done with them. */
const known = new Map<string, Schema["Contact"]>();

export const palette: Palette = ({ me, t }) => {
  const reads = may(me, "contacts.read");
  const writes = may(me, "contacts.write");
  const toItem = (contact: Schema["Contact"]): Item => {
    known.set(contact.id, contact);
    return {
      id: contact.id,
      label: contact.display_name,
      note: contact.company_name ?? contact.email ?? undefined,
      icon: <Avatar name={contact.display_name} id={contact.id} size="sm" />,
      to: `/contacts/${contact.id}`,
    };
  };
  return {
    order: 10,
    actions: [
      ...(writes ? [{ id: "new-contact", label: t("contacts.create"), icon: <Plus />, to: "/contacts?new=true" }] : []),
      ...(reads
        ? [{ id: "duplicates", label: t("contacts.duplicates"), icon: <GitMerge />, to: "/contacts/duplicates" }]
        : []),
      ...(may(me, "contacts.import")
        ? [{ id: "import", label: t("contacts.importLong"), icon: <FileInput />, to: "/contacts/imports" }]
        : []),
    ],
    sources: reads
      ? [
          {
            id: "contacts",
            group: t("contacts.title"),
            prefix: "@",
            ask: async (q, signal) => {
              const page = await ok(api.GET("/v1/contacts", { params: { query: { q, limit: 6 } }, signal }));
              return page.items.map(toItem);
            },
          },
          {
            id: "tags",
            group: t("contacts.tags"),
            prefix: "#",
            ask: async (words, signal) => {
              const query = { limit: 6, sort: "name", filter: [`name:contains:${words}`] };
              const page = await ok(api.GET("/v1/tags", { params: { query }, signal }));
              return page.items.map(({ id, name }) => ({
                id,
                label: name,
                note: t("contacts.withTag"),
                icon: <Hash />,
                to: `/contacts?tag=${encodeURIComponent(JSON.stringify(name))}`,
              }));
            },
          },
        ]
      : [],
    about: ({ id, label: name }) => {
      const contact = known.get(id);
      if (!contact) return [];
      return [
        ...(contact.email
          ? [
              {
                id: `mail:${id}`,
                label: t("contacts.writeTo", { name }),
                icon: <Mail />,
                press: "m",
                run: () => location.assign(`mailto:${encodeURIComponent(contact.email ?? "")}`),
              },
            ]
          : []),
        ...(contact.phone
          ? [
              {
                id: `call:${id}`,
                label: t("contacts.callTo", { name }),
                icon: <Phone />,
                press: "c",
                run: () => location.assign(`tel:${dialled(contact)}`),
              },
            ]
          : []),
      ];
    },
  };
};
