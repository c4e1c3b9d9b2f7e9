import { MutationObserver } from "@tanstack/react-query";
import i18next from "i18next";
import { api, ok, type Schema } from "@/api/client";
import { me, queries } from "@/api/queries";
import { sayError } from "@/ui/toast";
import { type Choice, KEY } from "./display";
import type { Me } from "./may";

const saving = new MutationObserver<unknown, Error, { choice: Choice; back: () => void }, Me | undefined>(queries, {
  mutationKey: KEY,
  // One after another; without a network they wait for it.
  scope: { id: "display" },
  mutationFn: ({ choice }) => ok(api.PATCH("/v1/me", { body: choice })),
  onMutate: async ({ choice }) => {
    await queries.cancelQueries({ queryKey: me.queryKey });
    const before = queries.getQueryData(me.queryKey);
    if (before?.user) queries.setQueryData(me.queryKey, { ...before, user: { ...before.user, ...wanted(choice) } });
    return before;
  },
  onError: (error, { choice, back }, before) => {
    const now = queries.getQueryData(me.queryKey)?.user;
    const wish = wanted(choice);
    // Whoever has chosen again in the meantime is not led back.
    if (now && Object.entries(wish).some(([name, value]) => now[name as keyof typeof now] !== value)) return;
    if (before) queries.setQueryData(me.queryKey, before);
    back();
    sayError(i18next.t("error.notSaved"), error.message);
  },
});

/** A choice without what it leaves open. */
const wanted = (choice: Choice) =>
  Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined)) as Partial<Schema["Profile"]>;

export const save = (choice: Choice, back: () => void): void =>
  void saving.mutate({ choice, back }).catch(() => undefined);
