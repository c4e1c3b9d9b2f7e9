import { useEffect } from "react";
import type { Schema } from "@/api/client";
import { me, queries } from "@/api/queries";
import { isLanguage, type Language, language, speak } from "@/i18n";
import type { Me } from "./may";
import { type Density, densityNow, setDensity, setTheme, type ThemeWish, themeWished } from "./theme";

/** How somebody wants to see the console. It is his, on every device: the server keeps it. */
export type Choice = Schema["MeChanges"];

/** Under which its changes run. */
export const KEY = ["display"];

/** Whose look it is. In somebody else's place one keeps one's own eyes. */
const owner = (who: Me | undefined) => (who?.impersonation ? undefined : who?.user);

function keep(choice: Choice, back: () => void): void {
  if (owner(queries.getQueryData(me.queryKey))) void import("./display-kept").then(({ save }) => save(choice, back));
}

/** The new sky at once, and on every device of the person from now on. */
export function chooseTheme(theme: ThemeWish, from?: Element): void {
  const before = themeWished();
  void setTheme(theme, from);
  keep({ theme }, () => void setTheme(before));
}

export const switchTheme = (from?: Element): void =>
  chooseTheme(document.documentElement.dataset.theme === "light" ? "dark" : "light", from);

export function chooseDensity(density: Density): void {
  const before = densityNow();
  setDensity(density);
  keep({ density }, () => setDensity(before));
}

/** The console and the mails speak it. */
export async function chooseLanguage(next: Language): Promise<void> {
  const before = language();
  await speak(next);
  keep({ locale: next }, () => void speak(before));
}

const told = (what: "theme" | "locale") => `upz.tell.${what}`;

/** Chosen in this browser before anybody was signed in: it becomes the choice of whoever signs in here next. */
export function tellLater(what: "theme" | "locale"): void {
  try {
    localStorage.setItem(told(what), "yes");
  } catch {
    // Then it holds for this browser only.
  }
}

function wasChosen(what: "theme" | "locale"): boolean {
  try {
    const chosen = localStorage.getItem(told(what)) !== null;
    if (chosen) localStorage.removeItem(told(what));
    return chosen;
  } catch {
    return false;
  }
}

/** What the person chose, wherever it was, holds here as well. */
export function useOwnDisplay(who: Me | undefined): void {
  const user = owner(who);
  const { theme, density, locale } = user ?? {};
  useEffect(() => {
    // His newest choice is still on its way to the server.
    if (!theme || queries.isMutating({ mutationKey: KEY }) > 0) return;
    const [sky, spoken] = [themeWished(), locale?.split("-")[0]];
    if (wasChosen("theme")) keep({ theme: sky }, () => void setTheme(theme as ThemeWish));
    else if (theme !== sky) void setTheme(theme as ThemeWish);
    if (density !== densityNow()) setDensity(density as Density);
    if (wasChosen("locale")) keep({ locale: language() }, () => undefined);
    else if (isLanguage(spoken) && spoken !== language()) void speak(spoken);
  }, [theme, density, locale]);
}
