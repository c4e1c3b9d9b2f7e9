import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";

export type Member = Schema["Member"];
export type Role = Schema["Role"];
export type Team = Schema["Team"];
export type Invitation = Schema["Invitation"];

export const team = paged(["members", "team"], (cursor, signal) =>
  ok(api.GET("/v1/members", { params: { query: { limit: 100, cursor } }, signal })),
);

export const member = (id: string) =>
  queryOptions({
    queryKey: ["members", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/members/{id}", { params: { path: { id } }, signal })),
  });

const waiting = ["state:eq:pending"];

export const pending = paged(["invitations", "pending"], (cursor, signal) => {
  const query = { limit: 100, cursor, sort: "-created_at", filter: waiting };
  return ok(api.GET("/v1/invitations", { params: { query }, signal }));
});

/** The same invitations as a file. */
export const pendingFile = (): Promise<unknown> =>
  ok(api.GET("/v1/invitations/export", { params: { query: { filter: waiting } }, parseAs: "blob" }));

export const roles = queryOptions({
  queryKey: ["roles", "all"],
  queryFn: ({ signal }) => ok(api.GET("/v1/roles", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

export const role = (id: string) =>
  queryOptions({
    queryKey: ["roles", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/roles/{id}", { params: { path: { id } }, signal })),
  });

export const teams = queryOptions({
  queryKey: ["teams", "all"],
  queryFn: ({ signal }) => ok(api.GET("/v1/teams", { params: { query: { limit: 200 } }, signal })),
  staleTime: 60_000,
});

export const permissions = queryOptions({
  queryKey: ["permissions"],
  queryFn: ({ signal }) => ok(api.GET("/v1/permissions", { signal })),
  staleTime: 60 * 60_000,
});

/** What changes people, roles or teams: everything about them is read again. */
export function useTeamChange<V>(
  send: (vars: V) => Promise<unknown>,
  done: string,
  after?: () => void,
  undo?: () => void,
) {
  const { t } = useTranslation();
  const again = useAgain();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      say(done, undo ? { undo } : {});
      after?.();
    },
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
    onSettled: again,
  });
}

export function useAgain() {
  const cache = useQueryClient();
  return () =>
    Promise.all(
      ["members", "invitations", "roles", "teams", "me"].map((key) => cache.invalidateQueries({ queryKey: [key] })),
    );
}
