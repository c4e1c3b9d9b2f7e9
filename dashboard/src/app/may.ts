import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { me } from "@/api/queries";

export type Me = Schema["Me"];

/** Whether the person reaches anything with a permission: by his roles, and by what the account has. The server decides; this only hides what it would refuse. */
export const may = (who: Me | undefined, permission: string): boolean => {
  const reach = who?.grants[permission];
  return reach !== undefined && reach !== "no";
};

/** The module of a permission, when the account does not have it: then no role is to blame. */
export const missing = (who: Me | undefined, permission: string): string | undefined =>
  who?.modules_off.find((module) => permission.startsWith(`${module}.`));

export function useMe(): Me | undefined {
  return useQuery(me).data;
}

export function useMay(permission: string): boolean {
  return may(useMe(), permission);
}

/** The same for what takes room on a page: until it is known who is there its room is kept, so that nothing moves afterwards. */
export function useRoom(permission: string): boolean {
  const who = useMe();
  return who === undefined || may(who, permission);
}
