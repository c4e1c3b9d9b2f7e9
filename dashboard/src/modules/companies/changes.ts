import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useEdits } from "@/api/edits";
import { hasStatus } from "@/api/problem";
import { say, sayError } from "@/ui/toast";
import { type Company, company, type Patch, type Person, people } from "./data";

/** A change that shows at once, says what it did and can be taken back. A newer version elsewhere is 412: nothing is overwritten. */
export function useChange({ id }: Company) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { mutate } = useEdits<Company, Patch>({
    key: company(id).queryKey,
    send: (body, version) =>
      ok(api.PATCH("/v1/companies/{id}", { params: { path: { id }, header: ifMatch(version) }, body })),
    onError: (error) =>
      sayError(t("error.notSaved"), hasStatus(error, 412) ? t("error.changedElsewhere") : error.message),
    onEnd: () => cache.invalidateQueries({ queryKey: ["companies"] }),
  });
  return (patch: Patch, back: Patch, said: string) =>
    mutate(patch, { onSuccess: () => say(said, { undo: () => mutate(back) }) });
}

/** Deletes, or brings back within thirty days. */
export function useRemoval() {
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["companies"] });
  const remove = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/companies/{id}", { params: { path: { id } } })),
    onSuccess: done,
  });
  const restore = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/companies/{id}/restoration", { params: { path: { id } } })),
    onSuccess: done,
  });
  return { remove, restore };
}

type Roles = Schema["CompanyContactRoles"];

/** Who is there and what each does; every change shows at once. */
export function usePeople(id: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const key = people(id).queryKey;
  const fail = (error: Error & { status?: number }) =>
    sayError(t("error.notSaved"), error.status === 412 ? t("error.changedElsewhere") : error.message);
  const onSettled = () => cache.invalidateQueries({ queryKey: ["companies"] });
  const params = (contact: string, version?: number) => ({
    path: { id, contact_id: contact },
    header: ifMatch(version),
  });
  const put = useMutation({
    scope: { id: `people-${id}` },
    mutationFn: ({ contact, body, version }: { contact: string; body: Roles; version?: number }) =>
      ok(api.PUT("/v1/companies/{id}/contacts/{contact_id}", { params: params(contact, version), body })),
    onMutate: async ({ contact, body }) => {
      await cache.cancelQueries({ queryKey: key });
      const before = cache.getQueryData(key);
      if (before)
        cache.setQueryData(key, {
          ...before,
          pages: before.pages.map((page) => ({
            ...page,
            items: page.items.map((person) =>
              person.contact === contact
                ? { ...person, roles: body.roles ?? [], primary: body.primary ?? false }
                : { ...person, primary: body.primary ? false : person.primary },
            ),
          })),
        });
      return { before };
    },
    onError: (error, _change, held) => {
      if (held?.before) cache.setQueryData(key, held.before);
      fail(error);
    },
    onSettled,
  });
  const drop = useMutation({
    scope: { id: `people-${id}` },
    mutationFn: ({ contact, version }: Person) =>
      ok(api.DELETE("/v1/companies/{id}/contacts/{contact_id}", { params: params(contact, version) })),
    onSuccess: (_answer, { contact, display_name, roles, primary }) =>
      say(t("companies.personRemoved", { name: display_name }), {
        undo: () => put.mutate({ contact, body: { roles, primary } }),
      }),
    onError: fail,
    onSettled,
  });
  return { put: put.mutate, drop: drop.mutate, busy: put.isPending || drop.isPending };
}
