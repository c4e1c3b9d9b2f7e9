export type FormState = "draft" | "published" | "unpublished";

export const stateOf = (state: string): FormState =>
  state === "published" || state === "unpublished" ? state : "draft";
