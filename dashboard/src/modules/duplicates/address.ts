export const VIEWS = ["open", "dismissed", "history"] as const;
export type View = (typeof VIEWS)[number];

/** Which pairs an address shows; those that wait for somebody, unless it says otherwise. */
export const readView = ({ view }: Record<string, unknown>): View => VIEWS.find((known) => known === view) ?? "open";

/** Records that are to become one: contacts, or companies with `com`. */
export const readIds = ({ ids }: Record<string, unknown>, prefix: "con" | "com" = "con"): { ids?: string[] } => {
  const known = new RegExp(`^${prefix}_\\w{26}$`);
  const given = (Array.isArray(ids) ? ids : [ids]).filter((id): id is string => known.test(String(id)));
  return given.length > 0 ? { ids: [...new Set(given)] } : {};
};
