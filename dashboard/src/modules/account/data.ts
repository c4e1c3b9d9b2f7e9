import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "@/api/client";

export const sessions = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => ok(api.GET("/v1/sessions", { params: { query: { limit: 100 } }, signal })),
});

export const emailChanges = queryOptions({
  queryKey: ["email-changes"],
  queryFn: ({ signal }) => ok(api.GET("/v1/email-changes", { signal })),
});

export const passkeys = queryOptions({
  queryKey: ["passkeys"],
  queryFn: ({ signal }) => ok(api.GET("/v1/passkeys", { signal })),
});

export const pushDevices = queryOptions({
  queryKey: ["push-subscriptions"],
  queryFn: ({ signal }) => ok(api.GET("/v1/push-subscriptions", { signal })),
});

export const preferences = queryOptions({
  queryKey: ["preferences"],
  queryFn: ({ signal }) => ok(api.GET("/v1/preferences", { signal })),
});

export const quietHours = queryOptions({
  queryKey: ["quiet-hours"],
  queryFn: ({ signal }) => ok(api.GET("/v1/quiet-hours", { signal })),
});

/** "Firefox, Linux" of what a browser calls itself; the whole when it is something else. */
export function deviceOf(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /OPR\//.test(agent)
      ? "Opera"
      : /Firefox\//.test(agent)
        ? "Firefox"
        : /Chrome\//.test(agent)
          ? "Chrome"
          : /Safari\//.test(agent)
            ? "Safari"
            : undefined;
  const system = /iPhone|iPad/.test(agent)
    ? "iOS"
    : /Android/.test(agent)
      ? "Android"
      : /Mac OS X/.test(agent)
        ? "macOS"
        : /Windows/.test(agent)
          ? "Windows"
          : /Linux/.test(agent)
            ? "Linux"
            : undefined;
  if (browser || system) return [browser, system].filter(Boolean).join(", ");
  return agent.slice(0, 80);
}
