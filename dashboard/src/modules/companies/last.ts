import type { ListSearch } from "./address";

/** How the list was asked for when it was left: the way back leads there. */
export const last: { search: ListSearch } = { search: {} };
