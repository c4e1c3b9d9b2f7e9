import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { session } from "@/api/session";

const KEY = "upz.skyless";

/** Tenants whose overview has no sky, as this browser knows them: a page does not begin with one and then lose it. */
function skyless(): string[] {
  try {
    return (localStorage.getItem(KEY) ?? "").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

export function remember(tenant: string, sky: boolean): void {
  const others = skyless().filter((id) => id !== tenant);
  try {
    // A hundred are more than anybody enters from one browser.
    localStorage.setItem(KEY, (sky ? others : [tenant, ...others].slice(0, 100)).join(" "));
  } catch {
    // The next page begins with a sky.
  }
}

/** Whether the overview of a tenant begins with a sky; of where this tab works, when nobody knows yet. */
export function useHasSky(tenant: string | undefined): boolean {
  const look = useQuery<Schema["Brand"]>({ queryKey: ["brands"], enabled: false }).data?.look;
  return look?.sky ?? !skyless().includes(tenant ?? session.lately);
}
