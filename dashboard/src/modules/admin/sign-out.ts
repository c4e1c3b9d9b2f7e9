import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { admin } from "./api";
import { adminSession } from "./session";

export function useSignOut() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    // Signed out here even when the server cannot be reached: the session ends there by itself.
    mutationFn: () => admin.DELETE("/v1/sessions/current").catch(() => undefined),
    onSettled: async () => {
      adminSession.end();
      await navigate({ to: "/admin/sign-in" });
      cache.clear();
    },
  });
}
