import { store } from "@/app/store";

const open = store(false);
export const openHelp = (): void => open.set(true);
export const closeHelp = (): void => open.set(false);
export const useHelpOpen = open.use;
