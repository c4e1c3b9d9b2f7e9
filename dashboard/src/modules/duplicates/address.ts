export const VIEWS = ["open", "dismissed", "history"] as const;
export type View = (typeof VIEWS)[number];

/** Which pairs an address shows; those that wait for somebody, unless it says otherwise. */
export const readView = ({ view }: Record<string, unknown>): View => VIEWS.find((known) => known === view) ?? "open";

/** Contacts that are to become one. */
export const readIds = ({ ids }: Record<string, unknown>): { ids?: string[] } => {
  const given = (Array.isArray(ids) ? ids : [ids]).filter((id): id is string => /^con_\w{26}$/.test(String(id)));
  return given.length > 0 ? { ids: [...new Set(given)] } : {};
};
