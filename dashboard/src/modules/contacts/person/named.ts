/** The name of a country or a language in a language; its code when nobody knows one. */
export function nameOf(type: "region" | "language", locale: string, code: string): string {
  try {
    return new Intl.DisplayNames(locale, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}
