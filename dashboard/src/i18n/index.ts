import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { words as shell } from "@/shell/words/en";
import { en } from "./en";
import { speakAll, type Words } from "./words";

export const LANGUAGES = { en: "English", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en & typeof shell & Words };
  }
}

const KEY = "upz.language";
const load: Record<Language, () => Promise<object>> = {
  en: async () => en,
  ar: async () => (await import("./ar")).ar,
};

export const isLanguage = (tag: string | null | undefined): tag is Language => tag === "en" || tag === "ar";

export const directionOf = (language: Language): "ltr" | "rtl" => (language === "ar" ? "rtl" : "ltr");

/** What this browser was told last, else what it asks for. */
export function preferred(): Language {
  const kept = safely(() => localStorage.getItem(KEY));
  if (isLanguage(kept)) return kept;
  const wish = navigator.languages?.map((tag) => tag.split("-")[0]).find(isLanguage);
  return wish ?? "en";
}

export async function startLanguage(language: Language = preferred()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    // React escapes.
    interpolation: { escapeValue: false },
    returnNull: false,
    // The name of a text stands where it should be: its words did not come with what is on the screen.
    saveMissing: true,
    missingKeyHandler: (_, __, key, said) => said === key && console.error(`no words: ${key}`),
  });
  await speak(language, false);
}

/** Switches words, direction and formats; `keep` remembers it in this browser. */
export async function speak(language: Language, keep = true): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation"))
    i18next.addResourceBundle(language, "translation", await load[language]());
  await speakAll(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  if (keep) safely(() => localStorage.setItem(KEY, language));
}

export const language = (): Language => (isLanguage(i18next.language) ? i18next.language : "en");

function safely<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch {
    return undefined;
  }
}
