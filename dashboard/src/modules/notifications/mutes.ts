import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";

export type Mute = Schema["NotificationMute"];

export const mutes = queryOptions({
  queryKey: ["notification-mutes"],
  queryFn: ({ signal }) => ok(api.GET("/v1/notification-mutes", { signal })),
});

/** Hears nothing more of a kind of news, or of a record. */
export function useMute() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema["NewNotificationMute"]) => ok(api.POST("/v1/notification-mutes", { body })),
    onSettled: () => cache.invalidateQueries({ queryKey: mutes.queryKey }),
  });
}

/** Hears of it again. */
export function useUnmute() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/notification-mutes/{id}", { params: { path: { id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: mutes.queryKey }),
  });
}

/** Records that can be muted one by one, by the beginning of their ids. */
export const RECORDS = { con: "contact", com: "company", dea: "deal", tsk: "task", frm: "form" } as const;
export type RecordWord = (typeof RECORDS)[keyof typeof RECORDS];

export const wordOfRecord = (record: string | null | undefined): RecordWord | undefined =>
  RECORDS[record?.slice(0, 3) as keyof typeof RECORDS];

/** What a record is called now; none when it is gone, or not the reader's to see. */
export const nameOf = (record: string) =>
  queryOptions({
    queryKey: ["notification-mutes", "name", record],
    queryFn: async ({ signal }): Promise<string | null> => {
      const asked = { params: { path: { id: record } }, signal };
      switch (wordOfRecord(record)) {
        case "contact":
          return (await ok(api.GET("/v1/contacts/{id}", asked))).display_name;
        case "company":
          return (await ok(api.GET("/v1/companies/{id}", asked))).name;
        case "deal":
          return (await ok(api.GET("/v1/deals/{id}", asked))).title;
        case "task":
          return (await ok(api.GET("/v1/tasks/{id}", asked))).title;
        case "form":
          return (await ok(api.GET("/v1/forms/{id}", asked))).name;
        default:
          return null;
      }
    },
    retry: false,
  });
