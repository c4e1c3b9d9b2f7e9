import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { session } from "@/api/session";
import { move } from "@/app/moving";
import { useTitle } from "@/app/title";
import { Failed, SkeletonRows } from "@/ui/states";

/** Where a notification of the device leads: into the account it is about, then to its page. */
export function OpenPage() {
  const { t } = useTranslation();
  const { tenant, to, id } = useSearch({ from: "/shell/notifications/open" });
  const cache = useQueryClient();
  const router = useRouter();
  useTitle(t("notifications.title"));
  const { mutate, error } = useMutation({
    mutationFn: async () => {
      const go = async () => {
        if (id) await api.PATCH("/v1/notifications/{id}", { params: { path: { id } }, body: { read: true } });
        await router.navigate({ href: to ?? "/notifications", replace: true });
      };
      const here = session.state.kind === "in" ? session.state.tenant : undefined;
      if (!tenant || tenant === here) {
        await go();
        return cache.invalidateQueries({ queryKey: ["notifications"] });
      }
      const moved = await ok(api.POST("/v1/sessions/switch", { body: { tenant } }));
      await move(async () => {
        await cache.cancelQueries();
        session.moved(moved);
        await go();
      });
    },
  });
  useEffect(() => mutate(), [mutate]);
  if (error) return <Failed title={t("error.page")} error={error} onRetry={() => mutate()} />;
  return <SkeletonRows rows={4} tall />;
}
