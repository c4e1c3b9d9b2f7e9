/** Contacts that are to become one. */
export const readIds = ({ ids }: Record<string, unknown>): { ids?: string[] } => {
  const given = (Array.isArray(ids) ? ids : [ids]).filter((id): id is string => /^con_\w{26}$/.test(String(id)));
  return given.length > 0 ? { ids: [...new Set(given)] } : {};
};
