import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch, ok, type Schema } from "@/api/client";

export type Scoring = Schema["Scoring"];
export type NewScoring = Schema["NewScoring"];
export type ScoreRule = Schema["ScoreRule"];

export const scoring = queryOptions({
  queryKey: ["scoring"],
  queryFn: ({ signal }) => ok(api.GET("/v1/scoring", { signal })),
  // Contacts are counted while one waits.
  refetchInterval: ({ state }) => (state.data?.counting ? 1_000 : false),
});

export const scoreOf = (contact: string) =>
  queryOptions({
    queryKey: ["contacts", "score", contact],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts/{id}/score", { params: { path: { id: contact } }, signal })),
    staleTime: 0,
  });

export const preview = (body: NewScoring) =>
  queryOptions({
    queryKey: ["scoring", "preview", body],
    queryFn: ({ signal }) => ok(api.POST("/v1/scoring/preview", { body, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });

export const putScoring = (body: NewScoring, version: number) =>
  ok(api.PUT("/v1/scoring", { params: { header: ifMatch(version) }, body }));

export function useSave() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (write: () => Promise<Scoring>) => write(),
    onSuccess: (fresh) => cache.setQueryData(scoring.queryKey, fresh),
    onSettled: () => void cache.invalidateQueries({ queryKey: ["scoring"] }),
  });
}
