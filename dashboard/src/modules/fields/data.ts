import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";
import { fieldsOf } from "./fields-of";
import type { RecordKind } from "./kinds";

export type CustomField = Schema["CustomField"];
export type Custom = Record<string, unknown>;

/** Those of them that records show. */
export const shownOf = (page: { items: CustomField[] } | undefined): CustomField[] =>
  page?.items.filter((field) => !field.archived_at && !field.deleting_at) ?? [];

/** Fields that records show; none for whoever may not know of them. */
export function useShown(record: RecordKind): CustomField[] {
  const { data } = useQuery({ ...fieldsOf(record), enabled: useMay("fields.read") });
  return shownOf(data);
}

export const usageOf = (id: string) =>
  queryOptions({
    queryKey: ["custom-fields", "usage", id],
    queryFn: ({ signal }) => ok(api.GET("/v1/custom-fields/{id}/usage", { params: { path: { id } }, signal })),
  });

export function useFieldsAgain() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ["custom-fields"] });
}

export const patchField = ({ id, version }: CustomField, body: Schema["CustomFieldPatch"]) =>
  ok(api.PATCH("/v1/custom-fields/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export function usePatch() {
  const again = useFieldsAgain();
  return useMutation({
    mutationFn: ({ field, body }: { field: CustomField; body: Schema["CustomFieldPatch"] }) => patchField(field, body),
    onSettled: again,
  });
}

/** A change that may be sent more than once, should somebody else be faster. */
export function useChange() {
  const again = useFieldsAgain();
  return useMutation({ mutationFn: (write: () => Promise<CustomField | undefined>) => write(), onSettled: again });
}

export function useCreate() {
  const again = useFieldsAgain();
  return useMutation({
    mutationFn: (body: Schema["NewCustomField"]) => ok(api.POST("/v1/custom-fields", { body })),
    onSuccess: again,
  });
}

export function useRemove() {
  const again = useFieldsAgain();
  return useMutation({
    mutationFn: ({ field: { id, version }, values }: { field: CustomField; values: number }) =>
      ok(
        api.DELETE("/v1/custom-fields/{id}", { params: { path: { id }, query: { values }, header: ifMatch(version) } }),
      ),
    onSettled: again,
  });
}

/** The new order shows at once. */
export function useOrder(record: RecordKind) {
  const { t } = useTranslation();
  return useOptimistic<CustomField[], CustomField[], Schema["Page_CustomField"]>({
    key: fieldsOf(record).queryKey,
    send: (order) => ok(api.POST("/v1/custom-fields/order", { body: { record, fields: order.map(({ id }) => id) } })),
    apply: (page, order) => ({ ...page, items: [...order, ...page.items.filter((field) => field.deleting_at)] }),
    onError: (error) => sayError(t("error.notSaved"), sayThrown(error)),
  });
}
