import type { Chosen as Of } from "@/ui/chosen";
import type { Contact } from "../data";

export { useChosen, useCount, useEverything, useHas, useRows as useContacts, useSome } from "@/ui/chosen";
/** Contacts as they were when they were chosen: what has to be put back when a change is taken back. */
export type Chosen = Of<Contact>;
