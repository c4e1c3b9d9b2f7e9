import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";
import { type Board, COLUMNS, type Task } from "./data";
import { dayWords } from "./when";

/** A board without a task. */
export function without(board: Board, id: string): Board {
  const next = { ...board };
  for (const column of COLUMNS) {
    const { tasks, count } = board[column];
    const left = tasks.filter((task) => task.id !== id);
    if (left.length < tasks.length) next[column] = { tasks: left, count: count - 1 };
  }
  return next;
}

/** Everything that is done with a task from a list: shown at once, and with a way back. */
export function useTaskChanges() {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["tasks"] });
  const fail = (error: unknown) => {
    sayError(sayThrown(error));
    void done();
  };
  const path = (task: Task) => ({ path: { id: task.id } });
  const board = { key: ["tasks", "board"], apply: (held: Board, { task }: { task: Task }) => without(held, task.id) };

  const reopen = useMutation({
    mutationFn: (task: Task) => ok(api.POST("/v1/tasks/{id}/reopening", { params: path(task) })),
    onSuccess: done,
    onError: fail,
  });
  const complete = useOptimistic<{ task: Task } & Schema["NewCompletion"], Schema["TaskEnd"], Board>({
    ...board,
    send: ({ task, ...body }) => ok(api.POST("/v1/tasks/{id}/completion", { params: path(task), body })),
    onSuccess: ({ task, next }) => {
      void done();
      const title = t("tasks.said.done", { title: task.title });
      say(title, {
        ...(next?.due_on &&
          task.rule && { description: t("tasks.said.again", { day: dayWords(next.due_on, locale) }) }),
        undo: () => reopen.mutate(task),
      });
    },
    onError: fail,
  });
  const skip = useOptimistic<{ task: Task; reason: string }, Schema["TaskEnd"], Board>({
    ...board,
    send: ({ task, reason }) => ok(api.POST("/v1/tasks/{id}/skip", { params: path(task), body: { reason } })),
    onSuccess: ({ task }) => {
      void done();
      say(t("tasks.said.skipped", { title: task.title }), { undo: () => reopen.mutate(task) });
    },
  });
  const snooze = useMutation({
    mutationFn: ({ task, until }: { task: Task; until?: string }) =>
      ok(api.POST("/v1/tasks/{id}/snooze", { params: path(task), body: until ? { until } : {} })),
    onSuccess: (fresh, { task, until }) => {
      void done();
      if (until)
        say(t("tasks.said.snoozed", { title: fresh.title }), {
          undo: () => snooze.mutate({ task, ...(task.snoozed_until && { until: task.snoozed_until }) }),
        });
    },
    onError: fail,
  });
  const move = useMutation({
    mutationFn: ({ task, ...body }: { task: Task; due_on: string | null; due_time?: string | null }) =>
      ok(api.PATCH("/v1/tasks/{id}", { params: path(task), body })),
    onSuccess: (fresh, { task }) => {
      void done();
      const back = { task, due_on: task.due_on ?? null, due_time: task.due_time ?? null };
      say(t("tasks.said.moved", { title: fresh.title }), { undo: () => move.mutate(back) });
    },
    onError: fail,
  });
  const restore = useMutation({
    mutationFn: (task: Task) => ok(api.POST("/v1/tasks/{id}/restoration", { params: path(task) })),
    onSuccess: (task) => {
      void done();
      say(t("tasks.said.restored", { title: task.title }));
    },
    onError: fail,
  });
  const remove = useMutation({
    mutationFn: (task: Task) => ok(api.DELETE("/v1/tasks/{id}", { params: path(task) })),
    onSuccess: (_, task) => {
      void done();
      say(t("tasks.said.deleted", { title: task.title }), { undo: () => restore.mutate(task) });
    },
    onError: fail,
  });
  return { complete, skip, reopen, snooze, move, remove, restore };
}
