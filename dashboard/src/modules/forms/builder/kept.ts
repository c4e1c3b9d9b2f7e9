import type { Doc } from "./model";

/** What is not saved yet, in this tab: a reload or a new sign-in loses nothing. */
const name = (tenant: string, id: string) => `upz.draft.form.${tenant}.${id}`;

export function keep(tenant: string, id: string, doc: Doc): void {
  try {
    sessionStorage.setItem(name(tenant, id), JSON.stringify(doc));
  } catch {
    // Full or denied: the next save will do.
  }
}

export function forget(tenant: string, id: string): void {
  try {
    sessionStorage.removeItem(name(tenant, id));
  } catch {
    // Nothing was kept either.
  }
}

export function kept(tenant: string, id: string): Doc | undefined {
  try {
    const text = sessionStorage.getItem(name(tenant, id));
    return text ? (JSON.parse(text) as Doc) : undefined;
  } catch {
    return undefined;
  }
}
