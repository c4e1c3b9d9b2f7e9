import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { useFormats } from "@/i18n/format";
import type { Chosen } from "@/ui/chosen";
import { say, sayError } from "@/ui/toast";
import type { Deal, Wish } from "../data";

/** Most deals that are chosen at once. */
const MOST = 2000;

/** Chooses all that fits a list, also what nobody has scrolled to: each as it is now, so that a change can be taken back. */
export function useEverything(chosen: Chosen<Deal>, list: Wish & { contact?: string; deleted?: boolean }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const [reading, setReading] = useState(false);
  const [done, setDone] = useState("");
  const name = JSON.stringify(list);
  const read = async () => {
    setReading(true);
    try {
      let cursor: string | undefined;
      do {
        const query = { ...list, limit: 200, cursor };
        const page = await ok(api.GET("/v1/deals", { params: { query } }));
        chosen.put(page.items, true);
        cursor = page.next_cursor ?? undefined;
      } while (cursor && chosen.count() < MOST);
      if (cursor) say(t("deals.bulk.most", { number: count(MOST) }));
      setDone(name);
    } catch (error) {
      sayError(sayThrown(error));
    } finally {
      setReading(false);
    }
  };
  return { read: () => void read(), reading, done: done === name };
}
