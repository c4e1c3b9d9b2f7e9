/** What the visitor did, batched: enough to see where people stop, nothing they typed. */
import { type Api, newKey } from "./api";

export interface Mark {
  t: "start" | "step" | "field" | "error";
  step?: string;
  field?: string;
}

export class Progress {
  private marks: Mark[] = [];
  private seen = new Set<string>();
  private due: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Pick<Api, "act" | "started">,
    private readonly version: number,
    private readonly after = 4000,
  ) {}

  /** Notes something once. Nothing leaves before the visitor has acted: there is no session yet. */
  mark(m: Mark): void {
    const id = `${m.t} ${m.step} ${m.field}`;
    if (this.seen.has(id)) return;
    this.seen.add(id);
    this.marks.push(m);
    this.due ??= setTimeout(() => this.flush(), this.after);
  }

  /** Sends what is noted; `leaving` lets the request outlive the page. */
  flush(leaving = false): void {
    clearTimeout(this.due);
    this.due = undefined;
    if (!this.api.started || !this.marks.length) return;
    const events = this.marks.splice(0, 50);
    const body = JSON.stringify({ version: this.version, events });
    // Statistics are best effort: a lost batch must never disturb the visitor.
    this.api.act("progress", body, newKey(), { keepalive: leaving }).catch(() => {});
    if (this.marks.length) this.flush(leaving);
  }
}
