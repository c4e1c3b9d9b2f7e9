import i18next from "i18next";
import { api, ok } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { save } from "@/ui/save";
import { say, sayError } from "@/ui/toast";
import type { Wish } from "./data";

/** Everything that fits, as a file: not only what is on the screen. */
export async function download(wish: Wish): Promise<void> {
  try {
    const file = await ok(api.GET("/v1/tasks/export", { params: { query: wish }, parseAs: "blob" }));
    save(file as Blob, "tasks.csv");
    say(i18next.t("tasks.said.exported"));
  } catch (error) {
    sayError(i18next.t("tasks.export"), sayThrown(error));
  }
}
