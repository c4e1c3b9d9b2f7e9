import { useEffect } from "react";
import { store } from "./store";

declare global {
  interface Window {
    /** Whose console this is, under an own domain (`brand.js`). */
    upzBrand?: { name: string; accent: string; logo: string | null };
  }
}

/** What the product is called before anybody has signed in. */
export const OURS = window.upzBrand?.name ?? "Upzento";
const KEY = "upz.product";
const product = store(OURS);
try {
  // As this tab knew it last: another name would only flash.
  product.set(sessionStorage.getItem(KEY) ?? OURS);
} catch {
  // It is told when the brand was read.
}

/** What the product is called here: by its agency, or by us. */
export function call(name: string | undefined): void {
  product.set(name ?? OURS);
  try {
    if (name) sessionStorage.setItem(KEY, name);
    else sessionStorage.removeItem(KEY);
  } catch {
    // The next page begins with our own name.
  }
}

/** "Record · Module · Tenant · Product", each once: the most particular first, because tabs are narrow. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...new Set([...parts, product.use()].filter(Boolean))].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
