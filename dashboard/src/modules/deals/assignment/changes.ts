import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";
import { type Absence, bodyOf, type NewRule, type Rule, rules } from "./data";

/** Who is away decides, too, who would get a deal. */
function useAgain() {
  const cache = useQueryClient();
  return () =>
    Promise.all(
      ["assignment_rules", "deal_absences"].map((subject) => cache.invalidateQueries({ queryKey: [subject] })),
    );
}

/** What changes who gets deals, each with its way back. */
export function useRuleChanges() {
  const { t } = useTranslation();
  const done = useAgain();
  const onError = (error: unknown) => {
    sayError(t("error.notSaved"), sayThrown(error));
    void done();
  };
  const put = useMutation({
    mutationFn: ({ rule, body }: { rule: Rule; body: NewRule }) =>
      ok(
        api.PUT("/v1/assignment-rules/{id}", {
          params: { path: { id: rule.id }, header: ifMatch(rule.version) },
          body,
        }),
      ),
    onSuccess: (fresh, { rule }) => {
      void done();
      const back = { rule: fresh, body: bodyOf(rule) };
      say(t("deals.assignment.said.saved", { name: fresh.name }), { undo: () => put.mutate(back, { onError }) });
    },
  });
  const add = useMutation({
    mutationFn: (body: NewRule) => ok(api.POST("/v1/assignment-rules", { body })),
    onSuccess: (made) => {
      void done();
      say(t("deals.assignment.said.added", { name: made.name }), { undo: () => remove.mutate({ rule: made }) });
    },
  });
  const order = useOptimistic<string[], Schema["AssignmentOrder"], Schema["Page_AssignmentRule"]>({
    key: rules.queryKey,
    send: (ids) => ok(api.PUT("/v1/assignment-rules/order", { body: { rules: ids } })),
    apply: (page, ids) => ({ ...page, items: ids.flatMap((id) => page.items.find((rule) => rule.id === id) ?? []) }),
    onSuccess: () => void done(),
    onError,
  });
  const restore = useMutation({
    // Back to where it stood: a new rule comes last.
    mutationFn: async ({ rule, ids }: { rule: Rule; ids?: readonly string[] }) => {
      const made = await ok(api.POST("/v1/assignment-rules", { body: bodyOf(rule) }));
      const order = ids?.map((id) => (id === rule.id ? made.id : id));
      if (order) await ok(api.PUT("/v1/assignment-rules/order", { body: { rules: order } }));
    },
    onSuccess: done,
    onError,
  });
  const remove = useMutation({
    mutationFn: ({ rule }: { rule: Rule; ids?: readonly string[] }) =>
      ok(api.DELETE("/v1/assignment-rules/{id}", { params: { path: { id: rule.id }, header: ifMatch(rule.version) } })),
    onSuccess: (_, removed) => {
      void done();
      say(t("deals.assignment.said.removed", { name: removed.rule.name }), { undo: () => restore.mutate(removed) });
    },
    onError,
  });
  return { put, add, order, remove, onError };
}

/** Says when a member is away, or that he is there; the way back is what was said before. */
export function useAbsenceChanges() {
  const { t } = useTranslation();
  const done = useAgain();
  const change = useMutation({
    mutationFn: async ({ member, next }: { member: string; next?: Schema["NewDealAbsence"]; before?: Absence }) => {
      const path = { id: member };
      if (next) await ok(api.PUT("/v1/deal-absences/{id}", { params: { path }, body: next }));
      else await ok(api.DELETE("/v1/deal-absences/{id}", { params: { path } }));
    },
    onSuccess: (_, { member, next, before }) => {
      void done();
      const old = before && { from: before.from, until: before.until };
      say(t(next ? "deals.assignment.said.away" : "deals.assignment.said.back"), {
        undo: () => change.mutate({ member, next: old }),
      });
    },
    onError: (error) => {
      sayError(t("error.notSaved"), sayThrown(error));
      void done();
    },
  });
  return change;
}
