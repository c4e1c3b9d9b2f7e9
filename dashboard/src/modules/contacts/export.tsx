import { api } from "@/api/client";
import { useMay } from "@/app/may";
import { SheetButton } from "@/modules/sheets/export";
import type { Listed } from "./search";

/** The list with its words and filters as a file for a spreadsheet. */
export function Export({ what }: { what: Listed }) {
  const allowed = useMay("contacts.export");
  const { q, filter, deleted } = what;
  const query = { filter, ...(q && { q }) };
  if (!allowed || deleted) return null;
  return (
    <SheetButton
      name="contacts"
      load={(look) => api.GET("/v1/contacts/export", { params: { query: { ...query, ...look } }, parseAs: "blob" })}
      className="max-md:hidden"
    />
  );
}
