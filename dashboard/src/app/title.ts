import { useEffect } from "react";

/** "Record · Module · Tenant": the most particular first, because tabs are narrow. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), "Upzento"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
