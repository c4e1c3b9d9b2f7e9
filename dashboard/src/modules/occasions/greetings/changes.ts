import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";
import type { Batch, Greeting, Send } from "../data";

/** What is done with greetings from a list, with a way back. */
export function useGreetingChanges() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["greetings"] });
  const onError = (error: unknown) => {
    sayError(sayThrown(error));
    void done();
  };
  const change = useMutation({
    mutationFn: ({ greeting, ...body }: { greeting: Greeting } & Schema["GreetingPatch"]) => {
      const params = { path: { id: greeting.id }, header: ifMatch(greeting.version) };
      return ok(api.PATCH("/v1/greetings/{id}", { params, body }));
    },
    onSuccess: (fresh) => {
      void done();
      say(t("occasions.said.greetingChanged", { name: fresh.name }));
    },
    onError,
  });
  const restore = useMutation({
    mutationFn: ({ id }: Greeting) => ok(api.POST("/v1/greetings/{id}/restoration", { params: { path: { id } } })),
    onSuccess: done,
    onError,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Greeting) => ok(api.DELETE("/v1/greetings/{id}", { params: { path: { id } } })),
    onSuccess: (_, greeting) => {
      void done();
      say(t("occasions.said.greetingDeleted", { name: greeting.name }), { undo: () => restore.mutate(greeting) });
    },
    onError,
  });
  const decide = useMutation({
    mutationFn: ({ batch, approve }: { batch: Batch; approve: boolean }) => {
      // What is agreed to is what was read.
      const params = { path: { id: batch.id }, header: ifMatch(batch.version) };
      return approve
        ? ok(api.POST("/v1/greeting-batches/{id}/approval", { params }))
        : ok(api.POST("/v1/greeting-batches/{id}/rejection", { params }));
    },
    onSuccess: (fresh, { approve }) => {
      void done();
      const name = fresh.greeting_name;
      // What has been approved may be on its way: only a refusal can be taken back without a trace.
      say(t(approve ? "occasions.said.approved" : "occasions.said.rejected", { name }), {
        undo: () => decide.mutate({ batch: fresh, approve: !approve }),
      });
    },
    onError,
  });
  const unmark = useMutation({
    mutationFn: ({ id }: Send) => ok(api.DELETE("/v1/greeting-sends/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      void done();
      say(t("occasions.said.unmarked"));
    },
    onError,
  });
  const mark = useMutation({
    mutationFn: (body: Schema["NewGreetingSend"]) => ok(api.POST("/v1/greeting-sends", { body })),
    onSuccess: (made) => {
      void done();
      say(t("occasions.said.marked", { name: made.contact_name ?? "" }), { undo: () => unmark.mutate(made) });
    },
    onError,
  });
  return { change, remove, decide, mark, unmark };
}
