import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { Dialog } from "@/ui/dialog";
import { PlainLink } from "@/ui/link";
import { SearchBox } from "@/ui/search-box";
import { SkeletonRows } from "@/ui/states";
import type { Contact } from "../contacts/data";

/** Chooses the contact that another one is merged with: those that may be the same person, or whom one searches. */
export function MergeWith({ contact, open, onClose }: { contact: Contact; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const near = useQuery({
    queryKey: ["contact_duplicates", "of", contact.id],
    enabled: open,
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/contact-duplicates", {
          params: { query: { contact: contact.id, limit: 8, filter: ["state:eq:open"] } },
          signal,
        }),
      ),
  });
  const found = useQuery({
    queryKey: ["contacts", "merge-with", q],
    enabled: open && q !== "",
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts", { params: { query: { q, limit: 8 } }, signal })),
  });
  const sides = near.data?.items.map(({ one, other }) => (one.contact === contact.id ? other : one)) ?? [];
  const others =
    q === ""
      ? sides.map((side) => ({
          id: side.contact,
          name: side.name,
          note: side.email ?? side.phone ?? side.company_name,
        }))
      : (found.data?.items ?? [])
          .filter(({ id }) => id !== contact.id)
          .map(({ id, display_name, email, phone, company_name }) => ({
            id,
            name: display_name,
            note: email ?? phone ?? company_name,
          }));
  return (
    <Dialog open={open} onClose={onClose} title={t("duplicates.mergeWith")} lead={<bdi>{contact.display_name}</bdi>}>
      <div className="flex min-h-72 flex-col gap-3">
        <SearchBox label={t("duplicates.search")} value={q} onChange={setQ} className="w-full" />
        {q !== "" && found.isPending ? (
          <SkeletonRows rows={3} />
        ) : others.length === 0 ? (
          q !== "" && <p className="text-sm text-muted">{t("duplicates.searchNone")}</p>
        ) : (
          <ul>
            {others.map(({ id, name, note }) => (
              <li key={id}>
                <PlainLink
                  to="/contacts/merge"
                  search={{ ids: [contact.id, id] }}
                  className="flex min-h-12 items-center gap-2.5 rounded-control px-2 hover:bg-hover"
                >
                  <Avatar name={name} id={id} size="sm" />
                  <span className="min-w-0">
                    <b className="block truncate text-[14px] font-[560]">
                      <bdi>{name}</bdi>
                    </b>
                    <span className="block truncate text-[12.5px] text-muted">
                      <bdi>{note}</bdi>
                    </span>
                  </span>
                </PlainLink>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
