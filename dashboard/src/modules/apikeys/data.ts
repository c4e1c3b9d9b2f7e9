import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { text } from "@/app/routes";
import { say, sayError } from "@/ui/toast";

export type ApiKey = Schema["ApiKey"];
export type Permission = Schema["PermissionEntry"];
export type Which = "working" | "revoked";

export interface Narrowed {
  q?: string;
  /** Those that work, unless somebody asks for the others. */
  which?: Which;
}

/** What an address asks for. */
export const readNarrowed = ({ q, which }: Record<string, unknown>): Narrowed => ({
  q: text(q),
  which: which === "revoked" ? which : undefined,
});

const filterOf = ({ which, q }: Narrowed): string[] => [
  `revoked_at:empty:${which !== "revoked"}`,
  ...(q ? [`name:contains:${q}`] : []),
];

export const apiKeys = (narrowed: Narrowed) => {
  const filter = filterOf(narrowed);
  return paged<ApiKey>(["api_keys", "list", filter], (cursor, signal) =>
    ok(api.GET("/v1/api-keys", { params: { query: { limit: 50, filter, cursor } }, signal })),
  );
};

/** The same keys as a file. */
export const apiKeysFile = (narrowed: Narrowed): Promise<unknown> =>
  ok(api.GET("/v1/api-keys/export", { params: { query: { filter: filterOf(narrowed) } }, parseAs: "blob" }));

export const permissions = queryOptions({
  queryKey: ["permissions"],
  queryFn: ({ signal }) => ok(api.GET("/v1/permissions", { signal })),
  staleTime: 10 * 60_000,
  select: (page) => page.items,
});

/** By module, in the server's order. */
export function byModule(entries: readonly Permission[]): [string, Permission[]][] {
  const groups = new Map<string, Permission[]>();
  for (const entry of entries) groups.set(entry.module, [...(groups.get(entry.module) ?? []), entry]);
  return [...groups];
}

export type State = "working" | "ending" | "expired" | "revoked";

/** A key that ends within two weeks is said so before it stops something. */
export function stateOf({ revoked_at, expires_at }: ApiKey, now = Date.now()): State {
  if (revoked_at) return "revoked";
  if (!expires_at) return "working";
  const left = Date.parse(expires_at) - now;
  return left <= 0 ? "expired" : left < 14 * 86_400_000 ? "ending" : "working";
}

export function useRevoke() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: ApiKey) => ok(api.DELETE("/v1/api-keys/{id}", { params: { path: { id } } })),
    onSuccess: (_, { name }) => say(t("apikeys.revoked", { name })),
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["api_keys"] }),
  });
}
