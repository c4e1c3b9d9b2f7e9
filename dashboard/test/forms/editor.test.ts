import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Schema } from "@/api/client";
import { ApiProblem, Unreachable } from "@/api/problem";
import { type Change, Editor, type Server } from "@/modules/forms/builder/editor";
import type { Doc } from "@/modules/forms/builder/model";

type Form = Schema["Form"];

const form = (change: Partial<Form> = {}): Form => ({
  id: "frm_1",
  name: "Contact",
  state: "draft",
  draft: { steps: [{ key: "main", fields: [{ key: "name", type: "text", label: "Name" }] }], rules: [] },
  problems: [],
  theme: {},
  notify: [],
  match_rule: "email_or_phone",
  contact_tags: [],
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  version: 1,
  ...change,
});

/** A server that keeps a form the way the real one does. */
class Kept implements Server {
  now = form();
  sent: Change[] = [];
  kept: Doc | undefined;
  fail: Error[] = [];
  async send(change: Change, version: number): Promise<Form> {
    const error = this.fail.shift();
    if (error) throw error;
    if (version !== this.now.version) throw new ApiProblem(412, "stale", "");
    this.sent.push(change);
    this.now = { ...this.now, ...(change as Partial<Form>), version: version + 1 };
    return this.now;
  }
  read = async () => this.now;
  keep(doc: Doc | undefined) {
    this.kept = doc;
  }
  /** Somebody else. */
  change(change: Partial<Form>) {
    this.now = { ...this.now, ...change, version: this.now.version + 1 };
    return this.now;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const rest = () => vi.advanceTimersByTimeAsync(1000);

test("a change is saved by itself, once, with only what changed", async () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  editor.apply((doc) => ({ ...doc, name: "A" }), "name");
  editor.apply((doc) => ({ ...doc, name: "Ab" }), "name");
  expect(editor.get().saving.kind).toBe("waiting");
  expect(server.kept?.name).toBe("Ab");
  await rest();
  expect(server.sent).toEqual([{ name: "Ab" }]);
  expect(editor.get().saving).toMatchObject({ kind: "saved" });
  expect(server.kept).toBeUndefined();
  editor.undo();
  expect(editor.doc.name).toBe("Contact");
  await rest();
  expect(server.now.name).toBe("Contact");
});

test("what was typed while it was being sent is sent after it", async () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  editor.apply((doc) => ({ ...doc, name: "One" }));
  const saving = editor.save();
  editor.apply((doc) => ({ ...doc, name: "Two" }));
  await saving;
  await rest();
  expect(server.sent).toEqual([{ name: "One" }, { name: "Two" }]);
});

test("a server that is away is asked again; nothing is lost", async () => {
  const server = new Kept();
  server.fail = [new Unreachable(""), new ApiProblem(503, "x", "", [], undefined, 2)];
  const editor = new Editor(server.now, server);
  editor.apply((doc) => ({ ...doc, name: "Later" }));
  await rest();
  expect(editor.get().saving.kind).toBe("away");
  expect(server.kept?.name).toBe("Later");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.sent).toEqual([{ name: "Later" }]);
  expect(editor.get().saving.kind).toBe("saved");
});

test("a refused setting does not keep the draft from being saved", async () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  server.fail = [new ApiProblem(422, "invalid", "No.", [{ field: "/locale", code: "language", detail: "" }])];
  editor.apply((doc) => ({ ...doc, locale: "??", name: "New name" }));
  await rest();
  expect(server.sent).toEqual([{ name: "New name" }]);
  expect(editor.get().problems.map(({ spot }) => spot)).toEqual([{ kind: "setting", name: "locale" }]);
  expect(editor.dirty).toBe(true);
  editor.apply((doc) => ({ ...doc, locale: "de" }));
  await rest();
  expect(server.now.locale).toBe("de");
  expect(editor.get().problems).toEqual([]);
  expect(editor.dirty).toBe(false);
});

test("changes about different things are joined", async () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  server.change({ state: "published", published_version: 1, match_rule: "none" });
  editor.apply((doc) => ({ ...doc, name: "Mine" }));
  await rest();
  await rest();
  expect(server.now).toMatchObject({ name: "Mine", match_rule: "none", state: "published" });
  expect(editor.get().saving.kind).toBe("saved");
  expect(editor.doc.match_rule).toBe("none");
});

test("changes of the same thing wait for a choice, and nothing is overwritten", async () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  server.change({ name: "Theirs" });
  editor.apply((doc) => ({ ...doc, name: "Mine" }));
  await rest();
  expect(editor.get().saving.kind).toBe("conflict");
  expect(server.now.name).toBe("Theirs");
  editor.apply((doc) => ({ ...doc, name: "Mine, more" }));
  await rest();
  expect(server.now.name).toBe("Theirs");
  editor.resolve("mine");
  await rest();
  expect(server.now.name).toBe("Mine, more");

  server.change({ name: "Theirs again" });
  editor.apply((doc) => ({ ...doc, name: "Mine again" }));
  await rest();
  editor.resolve("theirs");
  expect(editor.doc.name).toBe("Theirs again");
  expect(editor.dirty).toBe(false);
  // Even that can be taken back.
  editor.undo();
  expect(editor.doc.name).toBe("Mine again");
});

test("news is taken when nothing is unsaved, and can be undone", async () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  await editor.heard(server.change({ name: "From elsewhere" }));
  expect(editor.doc.name).toBe("From elsewhere");
  expect(editor.get().form.version).toBe(2);
  // An older answer that comes late changes nothing.
  await editor.heard(form());
  expect(editor.doc.name).toBe("From elsewhere");
});

test("what this tab kept comes back after a reload", async () => {
  const server = new Kept();
  const before = new Editor(server.now, server);
  before.apply((doc) => ({ ...doc, name: "Half a name" }));
  before.stop();
  const after = new Editor(server.now, server, server.kept);
  expect(after.doc.name).toBe("Half a name");
  await rest();
  expect(server.now.name).toBe("Half a name");
});

test("what is selected stays selected when it moves, and nothing is when it goes", () => {
  const server = new Kept();
  const editor = new Editor(server.now, server);
  editor.select({ kind: "field", step: 0, key: "name" });
  editor.edit((draft) => ({ ...draft, steps: [{ key: "before", fields: [] }, ...draft.steps] }));
  expect(editor.get().selected).toEqual({ kind: "field", step: 1, key: "name" });
  editor.edit((draft) => ({ ...draft, steps: draft.steps.slice(0, 1) }));
  expect(editor.get().selected).toEqual({ kind: "step", step: 0 });
});
