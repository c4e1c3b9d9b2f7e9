import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import type { Contact } from "../contacts/data";
import { ChooseOther } from "./choose";

/** Chooses the contact that another one is merged with: those that may be the same person, or whom one searches. */
export function MergeWith({ contact, open, onClose }: { contact: Contact; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { id, display_name: name } = contact;
  return (
    <ChooseOther
      kind="contacts"
      of={{ id, name }}
      words={{
        title: t("duplicates.mergeWith"),
        search: t("duplicates.search"),
        none: t("duplicates.searchNone"),
      }}
      open={open}
      onClose={onClose}
      alike={async (signal) => {
        const query = { contact: id, limit: 8, filter: ["state:eq:open"] };
        const { items } = await ok(api.GET("/v1/contact-duplicates", { params: { query }, signal }));
        return items
          .map(({ one, other }) => (one.contact === id ? other : one))
          .map(({ contact, name, email, phone, company_name }) => ({
            id: contact,
            name,
            note: email ?? phone ?? company_name,
          }));
      }}
      found={async (q, signal) => {
        const { items } = await ok(api.GET("/v1/contacts", { params: { query: { q, limit: 8 } }, signal }));
        return items.map(({ id, display_name, email, phone, company_name }) => ({
          id,
          name: display_name,
          note: email ?? phone ?? company_name,
        }));
      }}
    />
  );
}
