import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import type { Signal } from "@/api/live";
import { tellRoom } from "@/modules/clients/room";
import { type Asked, fits } from "@/modules/notifications/asked";

export { connect } from "@/api/live";

type Notification = Schema["Notification"];
type Pages = InfiniteData<Schema["Page_Notification"]>;

/** What the server told finds its way into what is on the screen. */
export function take(cache: QueryClient, signal: Signal): void {
  const { event, changed, notification, unread, provisioning } = signal;
  if (provisioning) tellRoom(provisioning);
  // An answer that is on its way may be from before this news, and would take it off the screen again.
  const isNews = signal.kind === "notification" || signal.kind === "unread";
  if (isNews && cache.isFetching({ queryKey: ["notifications"] }) > 0) soon(cache, ["notifications"]);
  if (typeof unread === "number") {
    cache.setQueryData<Schema["UnreadNotifications"]>(["notifications", "unread"], (old) => ({
      modules: old?.modules ?? [],
      count: unread,
    }));
  }
  if (notification) {
    for (const [key, old] of cache.getQueriesData<Pages>({ queryKey: ["notifications", "list"] }))
      if (old) cache.setQueryData<Pages>(key, withNew(old, notification, fits(key[2] as Asked, notification)));
  }
  if (event) {
    void cache.invalidateQueries({ queryKey: [event.subject] });
    if (event.contact_id && event.subject !== "contacts")
      void cache.invalidateQueries({ queryKey: ["contacts", "one"] });
    // Figures and the day's sky count what happened with people; several events at once are one question.
    if (event.contact_id || event.subject === "submissions") soon(cache, ["day"], ["figures"]);
    // How many there are is asked again when that may be another number, not with every change of one.
    if (/\.(created|deleted|restored|merged|won|lost|abandoned|reopened)$/.test(event.kind)) soon(cache, ["totals"]);
    if (event.subject === "origins" || event.subject === "widgets") soon(cache, ["figures"]);
    if (event.subject === "tenants") void cache.invalidateQueries({ queryKey: ["clients"] });
  }
  // Which record it was is not said, so whatever shows some of them asks again.
  if (changed) soon(cache, [changed], ["contacts", "one"], ["day"], ["figures"]);
  const subject = event?.subject ?? changed ?? "";
  if (WAITS.has(subject)) soon(cache, ["counts"]);
  if (PAIRED[subject]) soon(cache, [PAIRED[subject]]);
}

/** What happens to these may change how much waits. */
const WAITS = new Set(["tasks", "deals", "submissions"]);

/** What shows pairs of these says what they are called, and only those that are there. */
const PAIRED: Record<string, string> = { contacts: "contact_duplicates", companies: "company_duplicates" };

const waiting = new Set<string>();

/** Asks again a moment later, once for all that comes until then: an import is not a thousand questions. */
function soon(cache: QueryClient, ...keys: string[][]): void {
  for (const queryKey of keys) {
    const name = queryKey.join();
    if (waiting.has(name)) continue;
    waiting.add(name);
    setTimeout(() => {
      waiting.delete(name);
      void cache.invalidateQueries({ queryKey });
    }, 300);
  }
}

/** At the top of a list that shows it, once: after a reconnection the last ones may come again. One that was put off comes back. */
export function withNew(pages: Pages, notification: Notification, shows = true): Pages {
  const { id, told_at } = notification;
  const known = pages.pages.flatMap(({ items }) => items).find((item) => item.id === id);
  if (known ? known.told_at === told_at : !shows) return pages;
  const [first, ...rest] = pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) }));
  if (!first) return pages;
  return { ...pages, pages: [{ ...first, items: shows ? [notification, ...first.items] : first.items }, ...rest] };
}
