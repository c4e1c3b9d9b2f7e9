import i18next from "i18next";
import type { Language } from "./index";

/**
 * The words of the modules. Each module brings its own with its pages: `modules/<module>/words/<language>.ts` exports
 * `words`, the English ones add themselves to this list.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the modules fill it
export interface Words {}
/** The shell's words stand beside those of every page, not under a name of their own. */
export type Module = keyof Words | "shell";

/** Where the words of each module are, by the file's path. */
export type Files = Record<string, () => Promise<object>>;
const english: Files = import.meta.glob<object>(["../modules/*/words/en.ts", "../shell/words/en.ts"], {
  import: "words",
});
/** The names of another language's files come with that language. */
const files: Record<Language, () => Promise<Files>> = {
  en: async () => english,
  ar: async () => (await import("./ar")).files,
};
const wanted = new Set<Module>();

/** The modules whose words are here. */
export const brought = (): Module[] => [...wanted];

/** The words of these modules, in the language of the reader and in English for what has no translation. */
export async function bring(...modules: Module[]): Promise<void> {
  for (const module of modules) wanted.add(module);
  await speakAll(i18next.language as Language, modules);
}

/** A part of the console that comes on demand, together with its words. */
export async function withWords<T>(modules: Module[], part: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([part, bring(...modules)]);
  return loaded;
}

/** What was wanted so far, in another language. */
export async function speakAll(language: Language, modules: Iterable<Module> = wanted): Promise<void> {
  const languages: Language[] = language === "en" ? ["en"] : ["en", language];
  await Promise.all([...modules].flatMap((module) => languages.map((each) => add(each, module))));
}

async function add(language: Language, module: Module): Promise<void> {
  const shell = module === "shell";
  const words = await (await files[language]())[`../${shell ? module : `modules/${module}`}/words/${language}.ts`]?.();
  // The shell has a few words of some modules: theirs are added to them, whichever come first.
  if (words) i18next.addResourceBundle(language, "translation", shell ? words : { [module]: words }, true);
}
