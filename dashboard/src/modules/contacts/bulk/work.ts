import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { type RunCalls, useRunOf } from "@/ui/bulk";
import type { Contact } from "../data";
import type { Chosen } from "../list/chosen";
import type { Listed } from "../search";
import { type Change, type RunRow, skippedBy, stop, takeBack } from "./runs";

/** Has the server change what is chosen, says how far it is and what came of it, and offers to take it back. */
export function useBulk(chosen: Chosen, what: Listed) {
  const { t } = useTranslation();
  const formats = useFormats();
  const calls: RunCalls<Change, RunRow> = {
    begin: (change, meant) => {
      const matching = { ...(what.q && { q: what.q }), filter: what.filter };
      const body =
        "named" in meant ? { contacts: meant.named, change } : { matching: { ...matching, ...meant }, change };
      return ok(api.POST("/v1/contact-bulk-runs", { body }));
    },
    read: (id) => ok(api.GET("/v1/contact-bulk-runs/{id}", { params: { path: { id } } })),
    stop,
    takeBack,
    skipped: ({ id }) => skippedBy(id),
  };
  return useRunOf<Contact, Change, RunRow>({
    chosen,
    calls,
    notes: (rows) => {
      const count = (reason: string) => rows.filter((row) => row.reason === reason).length;
      const [missing, held] = [count("missing"), count("contact_on_hold")];
      const refused = rows.length - missing - held;
      return [
        missing > 0 && t("contacts.bulkMissing", { count: missing, number: formats.count(missing) }),
        held > 0 && t("contacts.bulkHeld", { count: held, number: formats.count(held) }),
        refused > 0 && t("contacts.runs.refused", { count: refused }),
      ].filter((note) => note !== false);
    },
    stale: [["contacts"], ["tags"], ["segments"], ["contact_bulk_runs"]],
  });
}
