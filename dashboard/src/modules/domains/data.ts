import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import type { Tone } from "@/ui/chip";
import { say, sayError } from "@/ui/toast";

export type OwnDomain = Schema["OwnDomain"];
export const STATE_TONE = {
  active: "success",
  failing: "danger",
  pending: "accent",
  removed: "neutral",
} as const satisfies Record<string, Tone>;
export type DomainState = keyof typeof STATE_TONE;
export const STATES = Object.keys(STATE_TONE) as DomainState[];
export const RESULT_TONE = {
  right: "success",
  missing: "warning",
  wrong: "danger",
  taken: "danger",
  unknown: "neutral",
} as const satisfies Record<string, Tone>;
export type RecordResult = keyof typeof RESULT_TONE;

/** Somebody who waits for his records sees the moment they are found; news of the account come over the stream besides. */
const WAITING = 15_000;

export const domains = queryOptions({
  queryKey: ["domains"],
  queryFn: ({ signal }) => ok(api.GET("/v1/domains", { signal })),
  refetchInterval: ({ state }) => state.data?.some(({ state }) => state === "pending") && WAITING,
});

function useChange<T>(mutationFn: (domain: OwnDomain) => Promise<T>, done?: (domain: OwnDomain) => string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (_, domain) => done && say(done(domain)),
    onError: (error: Error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: ["domains"] }),
  });
}

const at = (id: string) => ({ params: { path: { id } } });

export const useLook = () => useChange(({ id }) => ok(api.POST("/v1/domains/{id}/look", at(id))));

export function useMakePrimary() {
  const { t } = useTranslation();
  return useChange(
    ({ id }) => ok(api.PUT("/v1/domains/{id}/primary", at(id))),
    ({ host }) => t("domains.madePrimary", { host }),
  );
}

export function useRemove() {
  const { t } = useTranslation();
  return useChange(
    ({ id }) => ok(api.DELETE("/v1/domains/{id}", at(id))),
    ({ host }) => t("domains.removed", { host }),
  );
}
