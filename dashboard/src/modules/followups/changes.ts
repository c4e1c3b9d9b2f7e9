import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";
import type { Enrolment, FollowUp, Sequence } from "./data";

/** As many contacts as are put into a sequence by one call. */
const AT_ONCE = 200;

/** Everything that is done with what is coming: with a way back. */
export function useFollowUpChanges() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const done = () =>
    Promise.all(["follow_ups", "sequences"].map((key) => cache.invalidateQueries({ queryKey: [key] })));
  const onError = (error: unknown) => {
    sayError(sayThrown(error));
    void done();
  };
  const path = ({ id }: { id: string }) => ({ path: { id } });
  const resume = useMutation({
    mutationFn: (one: FollowUp) => ok(api.POST("/v1/follow-ups/{id}/resumption", { params: path(one) })),
    onSuccess: ({ title }) => {
      void done();
      say(t("followups.said.resumed", { title }));
    },
    onError,
  });
  const pause = useMutation({
    mutationFn: (one: FollowUp) => ok(api.POST("/v1/follow-ups/{id}/pause", { params: path(one) })),
    onSuccess: (one) => {
      void done();
      say(t("followups.said.paused", { title: one.title }), { undo: () => resume.mutate(one) });
    },
    onError,
  });
  const stop = useMutation({
    mutationFn: (one: FollowUp) => ok(api.POST("/v1/follow-ups/{id}/cancellation", { params: path(one) })),
    onSuccess: (one) => {
      void done();
      say(t("followups.said.stopped", { title: one.title }), { undo: () => resume.mutate(one) });
    },
    onError,
  });
  const leave = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/enrolments/{id}/cancellation", { params: path({ id }) })),
    onSuccess: done,
    onError,
  });
  const goOn = useMutation({
    mutationFn: ({ id, version }: Enrolment) =>
      ok(api.POST("/v1/enrolments/{id}/resumption", { params: { ...path({ id }), header: ifMatch(version) } })),
    onSuccess: (one) => {
      void done();
      say(t("followups.said.goesOn", { name: one.contact_name }), { undo: () => hold.mutate(one) });
    },
    onError,
  });
  const hold = useMutation({
    mutationFn: ({ id, version }: Enrolment) =>
      ok(api.POST("/v1/enrolments/{id}/pause", { params: { ...path({ id }), header: ifMatch(version) } })),
    onSuccess: (one) => {
      void done();
      say(t("followups.said.held", { name: one.contact_name }), { undo: () => goOn.mutate(one) });
    },
    onError,
  });
  const put = useMutation({
    mutationFn: ({ contact, sequence }: { contact: string; sequence: Sequence }) =>
      ok(api.POST("/v1/enrolments", { body: { sequence: sequence.id, contacts: [contact] } })),
    onSuccess: ({ items }, { sequence: { name } }) => {
      void done();
      const [made] = items;
      if (made) say(t("followups.said.put", { name }), { undo: () => leave.mutate(made.id) });
      else say(t("followups.said.running", { name }));
    },
    onError,
  });
  const takeOut = useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await ok(api.POST("/v1/enrolments/{id}/cancellation", { params: path({ id }) }));
    },
    onSuccess: done,
    onError,
  });
  const putMany = useMutation({
    mutationFn: async ({ contacts, sequence }: { contacts: readonly string[]; sequence: Sequence }) => {
      const made: string[] = [];
      let running = 0;
      for (let at = 0; at < contacts.length; at += AT_ONCE) {
        const body = { sequence: sequence.id, contacts: contacts.slice(at, at + AT_ONCE) };
        const answer = await ok(api.POST("/v1/enrolments", { body }));
        made.push(...answer.items.map(({ id }) => id));
        running += answer.running;
      }
      return { made, running };
    },
    onSuccess: ({ made, running }, { sequence: { name } }) => {
      void done();
      if (made.length === 0) return say(t("followups.said.nobodyPut", { name }));
      const text = t("followups.said.putMany", { count: made.length, name });
      const beside = running > 0 ? ` ${t("followups.said.ranAlready", { count: running })}` : "";
      say(`${text}${beside}`, { undo: () => takeOut.mutate(made) });
    },
    onError,
  });
  return { pause, resume, stop, put, putMany, leave, hold, goOn };
}
