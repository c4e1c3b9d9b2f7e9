import type { SubmissionState } from "./data";

/** What the address of a list of submissions says. */
export interface Search {
  state?: SubmissionState;
  /** The one that stands beside the list. */
  open?: string;
  /** Sent from this moment on, and before that one. */
  from?: string;
  to?: string;
}
