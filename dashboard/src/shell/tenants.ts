import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { session } from "@/api/session";
import { move } from "@/app/moving";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";

/** Works in another tenant of the same person: nothing of the old one stays in memory. `home` leads to its first page. */
export async function workIn(tenant: string, cache: QueryClient, home: () => unknown): Promise<void> {
  const to = await ok(api.POST("/v1/sessions/switch", { body: { tenant } }));
  await move(async () => {
    await cache.cancelQueries();
    session.moved(to);
    await home();
  });
}

export function useSwitchTenant() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (tenant: string) => workIn(tenant, cache, () => navigate({ to: "/" })),
    onError: (error) => sayError(t("nav.switchTo"), sayThrown(error)),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    // Signed out here even when the server cannot be reached: the session ends there by itself.
    mutationFn: () => api.DELETE("/v1/sessions/current").catch(() => undefined),
    onSettled: async () => {
      session.end();
      await navigate({ to: "/sign-in" });
      cache.clear();
    },
  });
}
