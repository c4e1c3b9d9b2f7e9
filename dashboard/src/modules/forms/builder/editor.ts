import type { Schema } from "@/api/client";
import { ApiProblem, type FieldProblem, hasStatus, Unreachable } from "@/api/problem";
import { begin, change, type History, redo, undo } from "./history";
import { type Doc, docOf, sameDefinition } from "./model";
import { type Placed, place } from "./problems";

type Form = Schema["Form"];
export type Change = Partial<Doc>;

export type Saving =
  | { kind: "saved"; at: Date | undefined }
  | { kind: "waiting" }
  | { kind: "sending" }
  /** Not yet: the network or the server is away. It is tried again. */
  | { kind: "away" }
  /** The server said no to all of it. */
  | { kind: "refused"; detail: string }
  /** Somebody else changed the same thing. */
  | { kind: "conflict"; theirs: Form };

export interface EditorState {
  history: History<Doc>;
  /** The form as the server has it. */
  form: Form;
  saving: Saving;
  /** What keeps the draft from being published, and settings that were refused. */
  problems: readonly Placed[];
  selected: Selection;
}

export type Selection =
  | { kind: "form" }
  | { kind: "step"; step: number }
  | { kind: "field"; step: number; key: string };

export interface Server {
  send(change: Change, version: number): Promise<Form>;
  read(): Promise<Form>;
  /** Keeps what is not saved yet in this tab; undefined forgets it. */
  keep(doc: Doc | undefined): void;
}

const REST = 700;
const LONGEST = 30_000;

const same = (a: unknown, b: unknown): boolean => Object.is(a, b) || sameDefinition(a, b);

/** What differs, by setting; the draft counts as one. */
export function differences(from: Doc, to: Doc): Change {
  const names = Object.keys(to) as (keyof Doc)[];
  return Object.fromEntries(names.filter((name) => !same(from[name], to[name])).map((name) => [name, to[name]]));
}

/**
 * One form being worked on: every change can be taken back, is saved by itself a moment later, and never overwrites
 * what somebody else did in between.
 */
export class Editor {
  private state: EditorState;
  private saved: Doc;
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private tries = 0;
  /** Settings the server refused, with the value it refused: they wait until they are changed. */
  private refused: Change = {};
  private refusals: FieldProblem[] = [];

  constructor(
    form: Form,
    private readonly server: Server,
    kept?: Doc,
    private readonly now: () => number = Date.now,
  ) {
    this.saved = docOf(form);
    this.state = {
      history: begin(this.saved),
      form,
      saving: { kind: "saved", at: undefined },
      problems: place(form.problems, this.saved.draft),
      selected: { kind: "step", step: 0 },
    };
    if (kept && Object.keys(differences(this.saved, kept)).length > 0) this.apply(() => kept);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  get = (): EditorState => this.state;

  get doc(): Doc {
    return this.state.history.now;
  }
  get dirty(): boolean {
    return Object.keys(differences(this.saved, this.doc)).length > 0;
  }

  private set(next: Partial<EditorState>): void {
    this.state = { ...this.state, ...next };
    for (const listener of this.listeners) listener();
  }

  select(selected: Selection): void {
    this.set({ selected });
  }

  /** `mark` joins quick changes of the same thing into one step of the history. */
  apply(recipe: (doc: Doc) => Doc, mark?: string): void {
    this.to(change(this.state.history, recipe(this.doc), this.now(), mark));
  }
  edit(draft: (draft: Doc["draft"]) => Doc["draft"], mark?: string): void {
    this.apply((doc) => ({ ...doc, draft: draft(doc.draft) }), mark);
  }
  undo(): void {
    this.to(undo(this.state.history));
  }
  redo(): void {
    this.to(redo(this.state.history));
  }

  private to(history: History<Doc>): void {
    if (history === this.state.history) return;
    this.set({ history, selected: still(this.state.selected, history.now) });
    this.replace();
    if (this.state.saving.kind === "conflict") this.server.keep(this.doc);
    else this.later();
  }

  private replace(): void {
    const open = [...this.state.form.problems, ...this.refusals];
    this.set({ problems: place(open, this.saved.draft) });
  }

  private later(ms = REST): void {
    clearTimeout(this.timer);
    if (!this.dirty) {
      this.server.keep(undefined);
      if (this.state.saving.kind === "waiting") this.set({ saving: { kind: "saved", at: undefined } });
      return;
    }
    this.server.keep(this.doc);
    if (!this.running)
      this.set({ saving: this.state.saving.kind === "away" ? this.state.saving : { kind: "waiting" } });
    this.timer = setTimeout(() => void this.save(), ms);
  }

  /** Saves now what is not saved; resolves to whether everything is. */
  async save(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.dirty) return true;
    if (this.state.saving.kind === "conflict") return false;
    this.running = this.send().finally(() => {
      this.running = undefined;
    });
    await this.running;
    if (this.dirty && this.state.saving.kind === "saved") this.later();
    return !this.dirty;
  }

  private async send(): Promise<void> {
    const doc = this.doc;
    const all = differences(this.saved, doc);
    const waits = (name: string) =>
      name in this.refused && same(this.refused[name as keyof Doc], all[name as keyof Doc]);
    const body = Object.fromEntries(Object.entries(all).filter(([name]) => !waits(name))) as Change;
    if (Object.keys(body).length === 0) return;
    this.set({ saving: { kind: "sending" } });
    try {
      const form = await this.server.send(body, this.state.form.version);
      this.tries = 0;
      this.saved = { ...this.saved, ...body };
      for (const name of Object.keys(body)) this.forgive(name);
      this.set({ form, saving: { kind: "saved", at: new Date(this.now()) } });
      this.replace();
      if (!this.dirty) this.server.keep(undefined);
    } catch (error) {
      await this.failed(error, body);
    }
  }

  private forgive(name: string): void {
    delete this.refused[name as keyof Doc];
    this.refusals = this.refusals.filter(({ field }) => field.split("/")[1] !== name);
  }

  private async failed(error: unknown, body: Change): Promise<void> {
    if (hasStatus(error, 412)) {
      const theirs = await this.server.read().catch(() => undefined);
      if (theirs) return this.meet(theirs);
    }
    if (hasStatus(error, 422) && error.fields.length > 0) return this.refuse(error, body);
    const passes =
      error instanceof Unreachable || (error instanceof ApiProblem && (error.status >= 500 || error.status === 429));
    if (!passes && !hasStatus(error, 412) && !hasStatus(error, 401))
      return this.set({ saving: { kind: "refused", detail: error instanceof Error ? error.message : "" } });
    this.set({ saving: { kind: "away" } });
    const wait = error instanceof ApiProblem && error.retryAfter ? error.retryAfter * 1000 : 1000 * 2 ** this.tries++;
    this.timer = setTimeout(() => void this.save(), Math.min(LONGEST, wait));
  }

  /** One refused setting does not keep the others from being saved. */
  private refuse(error: ApiProblem, body: Change): void {
    const names = new Set(error.fields.map(({ field }) => field.split("/")[1] ?? ""));
    const known = [...names].filter((name) => name in body) as (keyof Doc)[];
    // A pair of settings may be refused under the name of the one that did not change.
    const guilty = known.length > 0 ? known : (Object.keys(body) as (keyof Doc)[]);
    this.refused = { ...this.refused, ...Object.fromEntries(guilty.map((name) => [name, body[name]])) };
    for (const name of names) this.refusals = this.refusals.filter(({ field }) => field.split("/")[1] !== name);
    this.refusals = [...this.refusals, ...error.fields];
    this.set({ saving: { kind: "refused", detail: error.detail } });
    this.replace();
    const others = Object.keys(body).some((name) => !guilty.includes(name as keyof Doc));
    if (others) this.timer = setTimeout(() => void this.save(), 0);
  }

  /** The server has something newer: it is taken when nothing here is unsaved, joined when it is about something else. */
  meet(theirs: Form): void {
    if (theirs.version <= this.state.form.version) return;
    const mine = differences(this.saved, this.doc);
    const next = docOf(theirs);
    const changed = differences(this.saved, next);
    const both = Object.keys(mine).some(
      (name) => name in changed && !same(mine[name as keyof Doc], next[name as keyof Doc]),
    );
    if (both) this.set({ saving: { kind: "conflict", theirs } });
    else this.rebase(theirs, { ...next, ...mine });
  }

  /** News that came by itself, not as an answer. While something is being sent its own answer is newer. */
  async heard(theirs: Form): Promise<void> {
    while (this.running) await this.running;
    if (this.state.saving.kind !== "conflict") this.meet(theirs);
  }

  resolve(whose: "mine" | "theirs"): void {
    const { saving } = this.state;
    if (saving.kind !== "conflict") return;
    const theirs = saving.theirs;
    const next = docOf(theirs);
    this.rebase(theirs, whose === "theirs" ? next : { ...next, ...differences(this.saved, this.doc) });
  }

  private rebase(form: Form, doc: Doc): void {
    this.saved = docOf(form);
    this.refused = {};
    this.refusals = [];
    const history = same(doc, this.doc) ? this.state.history : change(this.state.history, doc, this.now());
    this.set({
      form,
      history,
      saving: { kind: "saved", at: this.dirty ? undefined : new Date(this.now()) },
      selected: still(this.state.selected, doc),
    });
    this.replace();
    this.later();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

/** What is selected may be gone, or have moved to another step. */
function still(selected: Selection, { draft }: Doc): Selection {
  if (selected.kind === "form") return selected;
  const last = draft.steps.length - 1;
  if (selected.kind === "field") {
    const step = draft.steps.findIndex(({ fields }) => fields.some(({ key }) => key === selected.key));
    if (step >= 0) return { ...selected, step };
  }
  return { kind: "step", step: Math.min(selected.step, last) };
}
