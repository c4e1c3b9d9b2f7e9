import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { useOptimistic } from "@/api/optimistic";
import { say, sayError } from "@/ui/toast";

export type Summary = Schema["SubmissionSummary"];
export type Submission = Schema["Submission"];
export type SubmissionState = "received" | "quarantined" | "spam";
type Pages = InfiniteData<Schema["Page_SubmissionSummary"]>;

export interface Wanted {
  form?: string;
  state?: SubmissionState;
  from?: string;
  to?: string;
}

export const submissions = (wanted: Wanted) => {
  const filter = [
    ...(wanted.form ? [`form:eq:${wanted.form}`] : []),
    ...(wanted.state ? [`state:eq:${wanted.state}`] : []),
    ...(wanted.from ? [`created_at:gte:${wanted.from}`] : []),
    ...(wanted.to ? [`created_at:lt:${wanted.to}`] : []),
  ];
  return infiniteQueryOptions({
    queryKey: ["submissions", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET("/v1/submissions", { params: { query: { limit: 50, cursor: pageParam, filter } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
};

export const submission = (id: string) =>
  queryOptions({
    queryKey: ["submissions", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/submissions/{id}", { params: { path: { id } }, signal })),
  });

/** What a member decides about a submission. The row changes at once and goes back when the server refuses. */
export function useDecisions() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const all = () => cache.invalidateQueries({ queryKey: ["submissions"] });
  const fail = (what: string) => (error: Error) =>
    sayError(what, hasStatus(error, 409) ? t("forms.alreadyDecided") : error.message);
  const mark = (pages: Pages, id: string, state: SubmissionState): Pages => ({
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === id ? { ...item, state } : item)),
    })),
  });
  const key = ["submissions", "list"];
  const release = useOptimistic<string, Submission, Pages>({
    key,
    send: (id) => ok(api.POST("/v1/submissions/{id}/release", { params: { path: { id } } })),
    apply: (held, id) => mark(held, id, "received"),
    onSuccess: (fresh) => {
      cache.setQueryData(submission(fresh.id).queryKey, fresh);
      void all();
      void cache.invalidateQueries({ queryKey: ["forms", "list"] });
      say(t("forms.released"));
    },
    onError: fail(t("forms.release")),
  });
  const spam = useOptimistic<Pick<Summary, "id" | "state">, Submission, Pages>({
    key,
    send: ({ id }) => ok(api.POST("/v1/submissions/{id}/spam", { params: { path: { id } } })),
    apply: (held, { id }) => mark(held, id, "spam"),
    onSuccess: (fresh, before) => {
      cache.setQueryData(submission(fresh.id).queryKey, fresh);
      void all();
      void cache.invalidateQueries({ queryKey: ["forms", "list"] });
      // What was only kept aside has had no consequences yet: taking this back would bring them about.
      const undo = before.state === "received" ? { undo: () => release.mutate(fresh.id) } : {};
      say(t("forms.markedSpam"), undo);
    },
    onError: fail(t("forms.spam")),
  });
  const remove = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/submissions/{id}", { params: { path: { id } } })),
    onSuccess: (_nothing, id) => {
      cache.removeQueries({ queryKey: submission(id).queryKey });
      void all();
      void cache.invalidateQueries({ queryKey: ["forms", "list"] });
      say(t("forms.answerDeleted"));
    },
    onError: fail(t("forms.deleteAnswer")),
  });
  return { release, spam, remove };
}
