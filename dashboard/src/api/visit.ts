/**
 * Work inside a tenant in somebody's place.
 *
 * Its token cannot be renewed. It is kept for this tab alone, so a reload stays inside and other tabs stay where they are.
 */
export interface Visit {
  id: string;
  tenant: string;
  accessToken: string;
  /** Milliseconds since the epoch, by the clock of this machine. */
  expiresAt: number;
  readOnly: boolean;
  /** The tenant's name. */
  place: string;
  /** Who is inside, and which agency he is of; the platform has none. */
  person: string;
  agency?: string;
  /** In whose place; of the tenant as a whole when absent. */
  member?: string;
  reason: string;
  by: "agency" | "platform";
  /** Where he came from: he is there again when it is over. */
  back: string;
}

/** Why a visit is over: somebody left, the time was up, or it was ended elsewhere. */
export type VisitEnd = "left" | "time" | "elsewhere";

const KEY = "upz.visit";

export function keepVisit(visit: Visit | undefined): void {
  try {
    if (visit) sessionStorage.setItem(KEY, JSON.stringify(visit));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A reload leaves the client.
  }
}

export function keptVisit(): Visit | undefined {
  try {
    const kept = sessionStorage.getItem(KEY);
    return kept ? (JSON.parse(kept) as Visit) : undefined;
  } catch {
    return undefined;
  }
}
