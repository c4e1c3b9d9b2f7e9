import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";

export type Task = Schema["Task"];
export type Board = Schema["TaskBoard"];
export const COLUMNS = ["overdue", "today_tasks", "week", "later", "undated"] as const;
export type Column = (typeof COLUMNS)[number];

/** Words and conditions that narrow boards and lists alike. */
export interface Wish {
  q?: string;
  filter: string[];
}

export const board = (wish: Wish) =>
  queryOptions({
    queryKey: ["tasks", "board", wish],
    queryFn: ({ signal }) => ok(api.GET("/v1/tasks/board", { params: { query: wish }, signal })),
    placeholderData: keepPreviousData,
    // What is due becomes overdue while nobody does anything.
    refetchInterval: 60_000,
  });

export const taskList = (query: Wish & { sort: string; deleted?: boolean }) =>
  paged(["tasks", "list", query], (cursor, signal) =>
    ok(api.GET("/v1/tasks", { params: { query: { ...query, limit: 50, cursor } }, signal })),
  );

export const task = (id: string) =>
  queryOptions({
    queryKey: ["tasks", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/tasks/{id}", { params: { path: { id } }, signal })),
  });

/** What became of tasks that were due in the last days. */
export const completion = (from: string) =>
  queryOptions({
    queryKey: ["tasks", "completion", from],
    queryFn: ({ signal }) => ok(api.GET("/v1/task-completion", { params: { query: { from } }, signal })),
    placeholderData: keepPreviousData,
  });

/** Open tasks about a record, and the last that ended. */
export const tasksOf = (about: Kind, id: string) =>
  queryOptions({
    queryKey: ["tasks", "about", about, id],
    queryFn: ({ signal }) => {
      const query = { filter: [`${about}:eq:${id}`, "status:eq:open"], sort: "due", limit: 20 };
      return ok(api.GET("/v1/tasks", { params: { query }, signal }));
    },
    select: (page) => page.items,
  });

/** What a task can be about. */
export type Kind = "contact" | "company" | "deal";

/** Names of members by id. Whoever may not see the team sees no names. */
export function useMembers(): Map<string, string> {
  const allowed = useMay("identity.members.read");
  const { data } = useQuery({ ...members, enabled: allowed });
  return useMemo(() => new Map(data?.items.map(({ id, name }) => [id, name])), [data]);
}

/** Names of people who work here without being members: those of its agency. */
const namesOf = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["members", "names", ids],
    queryFn: ({ signal }) => ok(api.GET("/v1/members/names", { params: { query: { id: [...ids] } }, signal })),
    staleTime: 5 * 60_000,
  });

/** Names of members, and of these people who are none but work here; once both are there. */
export function useNames(ids: readonly string[]): { names: Map<string, string>; complete: boolean } {
  const members = useMembers();
  const others = members.size > 0 ? ids.filter((id) => id !== "" && !members.has(id)).sort() : [];
  const { data, isPending } = useQuery({ ...namesOf(others), enabled: others.length > 0 });
  const names = useMemo(
    () => new Map([...members, ...(data?.items.map(({ id, name }) => [id, name] as const) ?? [])]),
    [members, data],
  );
  return { names, complete: members.size > 0 && (others.length === 0 || !isPending) };
}
