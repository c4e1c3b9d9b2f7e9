import { queries } from "@/api/queries";
import { session } from "@/api/session";
import { fieldsOf } from "@/modules/fields/fields-of";
import { stages } from "../data";
import { isBuiltIn, type Listed, type ListSearch, listed, queryOf } from "../search";
import { savedViews } from "../../views/data";
import { pageQuery } from "./rows";

const KEY = "upz.contacts.first";

/** What was listed when nothing was asked for in particular. */
function remembered(tenant: string): Listed | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as { tenant: string; now: Listed } | null;
    return kept?.tenant === tenant ? kept.now : undefined;
  } catch {
    return undefined;
  }
}

/** The view that opens first is known the next time before the views are. */
export function remember(tenant: string, now: Listed): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ tenant, now }));
  } catch {
    // Then everybody is what is asked for first.
  }
}

/** What an address most likely lists, as far as it can be told without the views and the stages. */
export function likely(search: ListSearch, first: Listed | undefined): Listed | undefined {
  const view = search.view ?? "all";
  if (search.view === undefined && !says(search) && first) return first;
  return isBuiltIn(view) && view !== "open" && view !== "won" ? listed(search, view, [], []) : undefined;
}

/** Whether the address itself says what it wants. */
export const says = ({ f, q, sort }: ListSearch): boolean => f !== undefined || q !== undefined || sort !== undefined;

/** Asks for what the list will show, all at once. A wrong guess costs a question and is never shown. */
export function ahead(search: ListSearch): Promise<void>[] {
  const { tenant } = session;
  const now = likely(search, remembered(tenant));
  return [
    queries.prefetchQuery(stages),
    queries.prefetchQuery(savedViews("contacts")),
    queries.prefetchQuery(fieldsOf("contact")),
    ...(now ? [queries.prefetchQuery(pageQuery(tenant, queryOf(now), undefined))] : []),
  ];
}
