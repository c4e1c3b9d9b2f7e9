/** A line that was taken before. */
export interface Recent {
  id: string;
  label: string;
  note?: string;
  to: string;
}

const MOST = 6;
/** Kept in this tab until somebody signs out, as drafts are: names of people are nobody else's. */
const key = (tenant: string) => `upz.draft.recent.${tenant}`;

export function recent(tenant: string): Recent[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key(tenant)) ?? "[]");
    return Array.isArray(kept) ? (kept as Recent[]) : [];
  } catch {
    return [];
  }
}

/** The newest first, each once. */
export function remember(tenant: string, { id, label, note, to }: Recent): void {
  const next = [{ id, label, ...(note && { note }), to }, ...recent(tenant).filter((other) => other.id !== id)];
  try {
    sessionStorage.setItem(key(tenant), JSON.stringify(next.slice(0, MOST)));
  } catch {
    // Nothing is remembered, everything works.
  }
}
