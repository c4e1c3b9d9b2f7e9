import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { me } from "@/api/queries";

export type Me = Schema["Me"];

/** Whether the roles of the person reach anything with a permission. The server decides; this only hides what it would refuse. */
export const may = (who: Me | undefined, permission: string): boolean => {
  const reach = who?.grants[permission];
  return reach !== undefined && reach !== "no";
};

export function useMe(): Me | undefined {
  return useQuery(me).data;
}

export function useMay(permission: string): boolean {
  return may(useMe(), permission);
}
