import { store } from "@/app/store";

const open = store(false);
export const openPalette = (): void => open.set(true);
export const closePalette = (): void => open.set(false);
export const usePaletteOpen = open.use;
