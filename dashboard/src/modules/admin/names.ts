import i18next, { type TFunction } from "i18next";

/** The word for a name that comes from the server, if there is one: modules, limits and jobs are more than words. */
export const hasKey = (t: TFunction, key: string): string | undefined =>
  i18next.exists(key) ? t(key as "admin.on") : undefined;
