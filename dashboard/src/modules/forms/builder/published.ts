import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ok } from "@/api/client";
import type { Form } from "../data";
import { type Definition, sameDefinition } from "./model";

/** Whether visitors get what is on the canvas already. */
export function usePublished(form: Form, draft: Definition): { live: boolean; number: number | undefined } {
  const number = form.published_version ?? undefined;
  const { data } = useQuery({
    queryKey: ["forms", "one", form.id, "version", number],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/forms/{id}/versions/{number}", { params: { path: { id: form.id, number: number ?? 0 } }, signal }),
      ),
    enabled: number !== undefined,
    // A published version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const same = useMemo(() => data !== undefined && sameDefinition(data.definition, draft), [data, draft]);
  return { live: same && form.state === "published", number };
}
