import { contrast } from "@widget/look";

export const COLOURS = ["accent", "on_accent", "surface", "text", "success"] as const;
export type Colour = (typeof COLOURS)[number];

/** What the widget wears by day when nobody chose anything. */
export const DEFAULTS: Record<Colour, string> = {
  accent: "#0b5c96",
  on_accent: "#ffffff",
  surface: "#ffffff",
  text: "#17202e",
  success: "#1a7a4c",
};

/** Stacks of the visitor's own fonts: a form loads nothing from elsewhere. */
export const FONTS = [
  { name: "system", stack: "system-ui, sans-serif" },
  { name: "humanist", stack: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, sans-serif' },
  { name: "geometric", stack: 'Avenir, Montserrat, Corbel, "URW Gothic", sans-serif' },
  { name: "serif", stack: 'Charter, "Bitstream Charter", Cambria, serif' },
  { name: "old", stack: '"Iowan Old Style", "Palatino Linotype", Palladio, serif' },
  { name: "mono", stack: 'ui-monospace, "Cascadia Code", Menlo, monospace' },
] as const;

/** Ink or paper, whichever is read better on this. */
export const readable = (back: string): string =>
  contrast("#ffffff", back) >= contrast("#0b1017", back) ? "#ffffff" : "#0b1017";
