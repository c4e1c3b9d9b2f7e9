/** What the visitor has done so far, and what happens next. No DOM; the view re-renders on every change. */
import type { Attribution } from "../../shared/protocol";
import { type Api, ApiError, newKey, type Reply, type SendOptions } from "./api";
import { check, isEmpty } from "./engine";
import type { Progress } from "./progress";
import type { Word } from "./text";
import type { Answers, Field, Form, Outcome, Result, Step } from "./types";

export type Phase = "fill" | "sending" | "done" | "closed";

export interface Upload {
  name: string;
  size: number;
  /** Part sent, 0 to 1. */
  part: number;
  id?: string;
  abort: AbortController;
}

interface Sent {
  print: string;
  key: string;
  body: string;
}

/** What survives when the frame has to fetch itself again. */
export interface Draft {
  answers: Answers;
  step: string;
  files: Record<string, { name: string; size: number; id: string }[]>;
  sent?: Sent | undefined;
  sending: boolean;
}

export interface World {
  attr: Attribution;
  prefill: Record<string, unknown>;
  changed(): void;
  event(type: string, detail?: Record<string, unknown>): void;
  online(): boolean;
  /** Resolves when the browser says the network is back. */
  back(): Promise<void>;
  /** Resolves after this many milliseconds. */
  pause(ms: number): Promise<void>;
  /** Milliseconds since the form was drawn. */
  elapsed(): number;
}

const DRAWN = (f: Field) => f.type !== "hidden";

export class Store {
  answers: Answers = {};
  result: Result;
  step: string;
  /** Shown problems by field key. */
  errors: Record<string, string> = {};
  files: Record<string, Upload[]> = {};
  phase: Phase = "fill";
  notice: { word: Word; n?: number } | undefined;
  outcome: Outcome | undefined;
  /** Set when focus should move: a field key, or "" for the top of the step. */
  focus: string | undefined;
  honey = "";
  /** Numbers as they are being typed: "1." must not turn into "1" under the visitor's fingers. */
  typed: Record<string, string> = {};
  private touched = new Set<string>();
  private applied: Record<string, unknown> = {};
  private sent: Sent | undefined;
  private busy = false;

  constructor(
    readonly form: Form,
    private readonly api: Pick<Api, "act" | "token">,
    private readonly progress: Pick<Progress, "mark" | "flush">,
    private readonly world: World,
  ) {
    for (const f of this.fields()) {
      const param = f.type === "hidden" && f.param ? world.attr[f.param] : undefined;
      const v = coerce(f, param ?? f.default);
      if (v !== undefined) this.answers[f.key] = v;
    }
    this.result = check(form, this.answers);
    this.step = this.steps()[0]?.key ?? "";
    this.prefill(world.prefill);
  }

  private fields(): Field[] {
    return this.form.steps.flatMap((s) => s.fields);
  }

  field(key: string): Field | undefined {
    return this.fields().find((f) => f.key === key);
  }

  /** Steps to walk that have anything to show; a step whose fields are all hidden is passed over. */
  steps(): Step[] {
    const walked = this.form.steps.filter((s) => this.result.path.includes(s.key));
    const drawn = walked.filter((s) => s.fields.some((f) => DRAWN(f) && this.result.visible.includes(f.key)));
    return drawn.length ? drawn : walked.slice(0, 1);
  }

  get index(): number {
    return Math.max(
      0,
      this.steps().findIndex((s) => s.key === this.step),
    );
  }

  get last(): boolean {
    return this.index === this.steps().length - 1;
  }

  shown(): Field[] {
    const s = this.steps()[this.index];
    return (s?.fields ?? []).filter((f) => DRAWN(f) && this.result.visible.includes(f.key));
  }

  /** Fills fields from the host page, by key or by what they map to; never what the visitor already typed. */
  prefill(values: Record<string, unknown>): void {
    for (const f of this.fields()) {
      const v = values[f.key] ?? (f.maps_to ? values[f.maps_to] : undefined);
      // Consent is given by a person or not at all.
      if (v == null || f.type === "consent" || f.type === "file" || this.touched.has(f.key)) continue;
      const fit = coerce(f, v);
      if (fit === undefined) continue;
      this.answers[f.key] = fit;
      this.applied[f.key] = fit;
    }
    this.update();
  }

  private update(): void {
    const before = this.steps();
    const at = before.findIndex((s) => s.key === this.step);
    this.result = check(this.form, this.answers);
    const now = this.steps().map((s) => s.key);
    // An answer may take away the step it was given on: stand on the nearest one before it.
    if (!now.includes(this.step))
      this.step =
        before
          .slice(0, Math.max(0, at))
          .reverse()
          .find((s) => now.includes(s.key))?.key ??
        now[0] ??
        "";
    for (const key of Object.keys(this.errors)) if (this.touched.has(key)) this.judge(key);
    this.world.changed();
  }

  /** Shows or clears the problem of one field as the engine sees it now. */
  private judge(key: string): void {
    const code = this.result.errors[key];
    if (code) this.errors[key] = code;
    else delete this.errors[key];
  }

  start(): void {
    this.progress.mark({ t: "start" });
    // The session is bought while the visitor reads, not when they are waiting for an answer.
    this.api.token().catch((e) => this.refused(e));
    this.world.event("form.started");
    this.start = () => {};
  }

  set(key: string, value: unknown): void {
    if (this.phase !== "fill") return;
    this.touched.add(key);
    this.answers[key] = value;
    if (this.notice && !this.busy) this.notice = undefined;
    this.update();
  }

  /** The visitor left a field: wrong answers are named now, missing ones only on the way on. */
  leave(key: string): void {
    const f = this.field(key);
    if (!f || !this.touched.has(key)) return;
    this.progress.mark({ t: "field", field: key });
    if (!isEmpty(this.answers[key], f)) this.judge(key);
    this.world.changed();
  }

  back(): void {
    this.go(this.index - 1);
  }

  private go(i: number): void {
    const s = this.steps()[i];
    if (!s || this.phase !== "fill") return;
    this.step = s.key;
    this.focus = "";
    this.progress.mark({ t: "step", step: s.key });
    this.world.changed();
  }

  /** Goes to the next step, or sends; stays and names the problems when there are any. */
  async next(): Promise<void> {
    if (this.phase !== "fill") return;
    const here = this.last ? this.result.visible : this.shown().map((f) => f.key);
    const wrong = here.filter((k) => this.result.errors[k]);
    for (const k of here)
      if (this.files[k]?.some((u) => !u.id)) {
        this.errors[k] = "file_busy";
        wrong.push(k);
      }
    for (const k of wrong) {
      this.touched.add(k);
      if (this.errors[k] !== "file_busy") this.judge(k);
    }
    if (wrong.length) this.point(wrong);
    else if (this.last) await this.submit();
    else this.go(this.index + 1);
  }

  /** Takes the visitor to the first of these fields. */
  private point(keys: string[]): void {
    const f = this.fields().find((f) => keys.includes(f.key) && DRAWN(f));
    for (const field of keys) this.progress.mark({ t: "error", field });
    const home = this.form.steps.find((s) => f && s.fields.includes(f));
    if (home && this.result.path.includes(home.key)) this.step = home.key;
    if (f) this.focus = f.key;
    else this.notice = { word: "s_failed" };
    this.world.changed();
  }

  /** Sends the answers until the server has them or says no. Repeats carry the same key. */
  async submit(): Promise<void> {
    const answers: Answers = {};
    for (const f of this.fields()) if (!isEmpty(this.answers[f.key], f)) answers[f.key] = this.answers[f.key];
    // What hidden fields asked the page for is already among the answers.
    const attr = { ...this.world.attr };
    for (const f of this.fields()) if (f.param && !/^utm_|clid$/.test(f.param)) delete attr[f.param];
    const core = { version: this.form.version, answers, attr, prefill: this.applied };
    const print = JSON.stringify(core);
    if (this.sent?.print !== print) {
      const body = { ...core, filled_ms: Math.round(this.world.elapsed()), honey: this.honey };
      this.sent = { print, key: newKey(), body: JSON.stringify(body) };
    }
    const { body, key } = this.sent;
    this.phase = "sending";
    this.notice = undefined;
    this.busy = true;
    this.world.changed();
    this.progress.flush();
    for (let tries = 0; ; tries++) {
      try {
        this.arrived(await this.api.act("form", body, key));
        break;
      } catch (e) {
        if (await this.waited(e, tries)) continue;
        this.refused(e);
        break;
      }
    }
    this.busy = false;
    this.world.changed();
  }

  private say(word: Word, n?: number): void {
    this.notice = n === undefined ? { word } : { word, n };
    this.world.changed();
  }

  /** Waits out what passes by itself: no network, a limit, a short outage. False when it will not pass. */
  private async waited(e: unknown, tries: number): Promise<boolean> {
    if (!(e instanceof ApiError)) return false;
    if (e.status === 0 && !this.world.online()) {
      this.say("s_offline");
      await this.world.back();
      return true;
    }
    if (tries > 3) return false;
    if (e.status === 429) {
      for (let n = e.wait || 10; n > 0; n--) {
        this.say("s_limit", n);
        await this.world.pause(1000);
      }
      return true;
    }
    if (e.status !== 0 && e.status < 502) return false;
    this.say("s_retry");
    await this.world.pause(1000 * (e.wait || 2 ** tries));
    return true;
  }

  private arrived(r: Reply): void {
    this.phase = "done";
    this.notice = undefined;
    this.outcome = (r.outcome as Outcome | undefined) ?? this.form.outcome ?? undefined;
    this.focus = "";
    this.world.event("form.submitted", { ref: r.submission });
  }

  /** A refusal that stays: problems go to their fields, a closed door is said plainly. */
  private refused(e: unknown): void {
    const code = e instanceof ApiError ? e.code : "";
    const fields = e instanceof ApiError ? e.fields : {};
    if (["revoked", "origin", "opaque"].includes(code)) {
      this.phase = "closed";
      this.notice = { word: code === "opaque" ? "s_opaque" : "s_closed" };
      this.world.event("widget.refused", { code });
      this.world.changed();
      return;
    }
    // Buying the session early may fail quietly; sending will try again.
    if (!this.busy) return;
    this.phase = "fill";
    const keys = Object.keys(fields).filter((k) => this.field(k));
    for (const k of keys) this.errors[k] = fields[k] ?? "type";
    if (keys.length) this.point(keys);
    else this.notice = { word: "s_failed" };
  }

  /** Uploads one file and adds its id to the answer. */
  async upload(f: Field, file: File): Promise<void> {
    this.files[f.key] ??= [];
    const list = this.files[f.key] as Upload[];
    this.touched.add(f.key);
    const wrong = (code: string): void => {
      this.errors[f.key] = code;
      this.world.changed();
    };
    if (!accepts(f, file)) return wrong("file_type");
    if (f.max_bytes && file.size > f.max_bytes) return wrong("file_size");
    if (list.length >= (f.max_files ?? 1)) return wrong("too_many");
    const u: Upload = { name: file.name, size: file.size, part: 0, abort: new AbortController() };
    list.push(u);
    delete this.errors[f.key];
    this.world.changed();
    const query = new URLSearchParams({ field: f.key, name: file.name });
    const more: SendOptions = {
      signal: u.abort.signal,
      progress: (part) => {
        u.part = part;
        this.world.changed();
      },
    };
    const key = newKey();
    for (let tries = 0; ; tries++) {
      try {
        const r = await this.api.act(`upload?${query}`, file, key, more);
        u.id = `${r.file}`;
        break;
      } catch (e) {
        if (u.abort.signal.aborted) return;
        const later = e instanceof ApiError && tries < 3 && (e.status === 0 || e.status === 429 || e.status > 501);
        if (later) {
          await this.world.pause(1000 * (e.wait || 2 ** tries));
          continue;
        }
        this.drop(f, u);
        return wrong(e instanceof ApiError && e.status === 413 ? "file_size" : "file");
      }
    }
    this.collect(f);
  }

  drop(f: Field, u: Upload): void {
    u.abort.abort();
    this.files[f.key] = (this.files[f.key] ?? []).filter((x) => x !== u);
    this.collect(f);
  }

  private collect(f: Field): void {
    this.answers[f.key] = (this.files[f.key] ?? []).flatMap((u) => u.id ?? []);
    this.update();
  }

  draft(): Draft {
    const files: Draft["files"] = {};
    for (const k in this.files)
      files[k] = (this.files[k] ?? []).flatMap(({ id, name, size }) => (id ? [{ id, name, size }] : []));
    return { answers: this.answers, step: this.step, files, sent: this.sent, sending: this.phase === "sending" };
  }

  /** Puts a draft back, and finishes sending if that was interrupted. */
  restore(d: Draft): void {
    this.answers = d.answers;
    this.sent = d.sent;
    for (const k in d.files)
      this.files[k] = (d.files[k] ?? []).map((u) => ({ ...u, part: 1, abort: new AbortController() }));
    for (const k in d.answers) this.touched.add(k);
    this.update();
    if (this.steps().some((s) => s.key === d.step)) this.step = d.step;
    this.world.changed();
    if (d.sending) this.submit();
  }
}

/** A value from outside as this field's kind of answer, or undefined when it cannot be one. */
export function coerce(f: Field, v: unknown): unknown {
  if (v == null || f.type === "section" || f.type === "file" || f.type === "consent") return undefined;
  if (f.type === "number" || f.type === "rating") return v !== "" && Number.isFinite(Number(v)) ? Number(v) : undefined;
  if (f.type === "checkbox") return v === true || v === "true";
  if (f.type === "multi") return (Array.isArray(v) ? v : `${v}`.split(",")).map(String);
  return typeof v === "object" ? undefined : `${v}`;
}

/** Whether the browser's idea of the file fits the field; the server looks at the bytes. */
export function accepts(f: Field, file: { name: string; type: string }): boolean {
  if (!f.accept?.length) return true;
  return f.accept.some((p) =>
    p.startsWith(".")
      ? file.name.toLowerCase().endsWith(p.toLowerCase())
      : p === "*/*" || p === file.type || (p.endsWith("/*") && file.type.startsWith(p.slice(0, -1))),
  );
}
