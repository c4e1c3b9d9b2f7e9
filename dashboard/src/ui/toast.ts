export interface Saying {
  title: string;
  description?: string;
  /** Offered for eight seconds. */
  undo?: () => void;
  wrong?: boolean;
}

/** The first paint does not wait for what is said later. */
export const loadToasts = () => import("./toasts");

/** Says what was done with the verb of the button that did it. */
export function say(title: string, extra: Pick<Saying, "description" | "undo"> = {}): void {
  void loadToasts().then(({ show }) => show({ title, ...extra }));
}

/** Errors stay until somebody closes them. */
export function sayError(title: string, description?: string): void {
  void loadToasts().then(({ show }) => show({ title, description, wrong: true }));
}
