import type { Schema } from "@/api/client";

/** In which language files are for whoever reads the console in this one. */
export const readingLanguage = (language: string): Schema["SheetLanguage"] => (language.startsWith("ar") ? "ar" : "en");
