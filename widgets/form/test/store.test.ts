import { describe, expect, test } from "vitest";
import { contact, long } from "../../test/forms";
import { ApiError, type Reply } from "../src/api";
import { Progress } from "../src/progress";
import { accepts, coerce, Store, type World } from "../src/store";
import { parseNumber, speak } from "../src/text";
import type { Form } from "../src/types";

interface Sent {
  action: string;
  body: string;
  key: string;
}

/** A store with scripted answers, a clock that only advances when somebody waits, and everything it said. */
function open(form: Form, script: (Reply | ApiError)[] = [], more: Partial<World> = {}) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const said: string[] = [];
  const events: string[] = [];
  const api = {
    started: true,
    token: async () => "S",
    act: async (action: string, body: string | Blob, key: string) => {
      sent.push({ action, body: `${body}`, key });
      const next = script.shift() ?? {};
      if (next instanceof ApiError) throw next;
      return next;
    },
  };
  const marks: string[] = [];
  const progress = { mark: (m: object) => marks.push(JSON.stringify(m)), flush() {} };
  const world: World = {
    attr: { utm_source: "ads", page: "https://site.example/p", ref: "", plan: "gold" },
    prefill: {},
    changed: () => {},
    event: (t, d) => events.push(t + (d?.ref ? ` ${d.ref}` : "")),
    online: () => true,
    back: async () => {},
    pause: async (ms) => {
      waits.push(ms);
      if (store.notice) said.push(`${store.notice.word}${store.notice.n ? ` ${store.notice.n}` : ""}`);
    },
    elapsed: () => 4200,
    ...more,
  };
  const store: Store = new Store(form, api, progress, world);
  return { store, sent, waits, said, events, marks };
}

function fill(store: Store) {
  store.set("name", "Ada");
  store.set("mail", "ada@example.com");
  store.set("kind", "roof");
  store.set("ok", true);
}

describe("filling in", () => {
  test("hidden fields take their parameter, which stays out of the attribution", async () => {
    const { store, sent } = open(contact, [{ submission: "sub_1", state: "received" }]);
    fill(store);
    await store.next();
    const body = JSON.parse(sent[0]?.body ?? "");
    expect(body.answers).toMatchObject({ src: "ads", plan: "gold" });
    expect(body.attr).toEqual({ utm_source: "ads", page: "https://site.example/p", ref: "" });
    expect(body).toMatchObject({ version: 3, filled_ms: 4200, honey: "" });
  });

  test("problems are shown on the way on, and go as they are solved", async () => {
    const { store, sent, marks } = open(contact);
    await store.next();
    expect(store.errors).toEqual({ name: "required", mail: "required", kind: "required", ok: "consent" });
    expect(store.focus).toBe("name");
    expect(marks).toContain('{"t":"error","field":"mail"}');
    store.set("name", "Ada");
    store.set("mail", "x");
    expect(store.errors).toMatchObject({ mail: "email" });
    expect(store.errors.name).toBeUndefined();
    expect(sent).toEqual([]);
  });

  test("leaving a field names a wrong answer but not a missing one", () => {
    const { store } = open(contact);
    store.set("mail", "x");
    store.leave("mail");
    store.set("name", "");
    store.leave("name");
    expect(store.errors).toEqual({ mail: "email" });
  });

  test("prefill goes by key and by meaning, never over what was typed, never into consent", () => {
    const { store } = open(contact, [], { prefill: { email: "a@b.co", ok: true, kind: "roof" } });
    expect(store.answers).toMatchObject({ mail: "a@b.co", kind: "roof" });
    expect(store.answers.ok).toBeUndefined();
    store.set("mail", "mine@b.co");
    store.prefill({ email: "other@b.co", name: "Ada" });
    expect(store.answers).toMatchObject({ mail: "mine@b.co", name: "Ada" });
  });

  test("steps: forward only when right, back at any time, jumps skip", async () => {
    const { store } = open(long);
    await store.next();
    expect([store.step, store.index]).toEqual(["you", 0]);
    store.set("first", "Ada");
    store.set("born", "1990-02-28");
    await store.next();
    expect(store.step).toBe("pain");
    store.set("where", ["knee"]);
    store.set("level", 2);
    expect(store.steps().map((s) => s.key)).toEqual(["you", "pain", "last"]);
    await store.next();
    expect(store.step).toBe("last");
    store.back();
    expect(store.step).toBe("pain");
    store.set("level", 8);
    await store.next();
    expect(store.step).toBe("scan");
    // The answer that led here is gone, and with it this step: stand on the one before.
    store.answers.level = 1;
    store.set("where", ["knee"]);
    expect(store.step).toBe("pain");
  });

  test("a step with nothing to show is passed over", () => {
    const form: Form = {
      version: 1,
      steps: [
        { key: "a", fields: [{ key: "h", type: "hidden" }] },
        { key: "b", fields: [{ key: "t", type: "text" }] },
      ],
    };
    const { store } = open(form);
    expect([store.step, store.last]).toEqual(["b", true]);
  });
});

describe("sending", () => {
  test("done", async () => {
    const outcome = { kind: "redirect", url: "https://site.example/thanks" };
    const { store, events } = open(contact, [{ submission: "sub_9", state: "received", outcome }]);
    fill(store);
    await store.next();
    expect([store.phase, store.outcome, events]).toEqual(["done", outcome, ["form.submitted sub_9"]]);
  });

  test("an outage is waited out with the same key", async () => {
    const { store, sent, waits } = open(contact, [new ApiError(503, "unavailable", 3), new ApiError(0, "network"), {}]);
    fill(store);
    await store.next();
    expect(store.phase).toBe("done");
    expect(waits).toEqual([3000, 2000]);
    expect(new Set(sent.map((s) => s.key + s.body)).size).toBe(1);
  });

  test("a limit counts down and tries again", async () => {
    const { store, said } = open(contact, [new ApiError(429, "limit", 3), {}]);
    fill(store);
    await store.next();
    expect(said).toEqual(["s_limit 3", "s_limit 2", "s_limit 1"]);
    expect(store.phase).toBe("done");
  });

  test("offline waits for the network", async () => {
    let online = false;
    let asked = 0;
    const more = {
      online: () => online,
      back: async () => {
        asked++;
        online = true;
      },
    };
    const { store, sent } = open(contact, [new ApiError(0, "network"), {}], more);
    fill(store);
    await store.next();
    expect([store.phase, asked, sent.length]).toEqual(["done", 1, 2]);
  });

  test("giving up keeps answers and key; changed answers get a new key", async () => {
    const down = () => Array.from({ length: 5 }, () => new ApiError(503, "unavailable"));
    const { store, sent } = open(contact, [...down(), ...down(), ...down()]);
    fill(store);
    await store.next();
    expect([store.phase, store.notice]).toEqual(["fill", { word: "s_failed" }]);
    await store.next();
    expect(sent[5]?.key).toBe(sent[0]?.key);
    store.set("name", "Grace");
    await store.next();
    expect(sent[10]?.key).not.toBe(sent[0]?.key);
  });

  test("the server's own objections go to their fields", async () => {
    const { store } = open(contact, [new ApiError(422, "invalid", 0, { mail: "email" })]);
    fill(store);
    await store.next();
    expect([store.phase, store.errors, store.focus]).toEqual(["fill", { mail: "email" }, "mail"]);
  });

  test("revoked closes the form and says so to the page", async () => {
    const { store, events } = open(contact, [new ApiError(403, "revoked")]);
    fill(store);
    await store.next();
    expect([store.phase, store.notice?.word]).toEqual(["closed", "s_closed"]);
    expect(events).toContain("widget.refused");
  });

  test("a draft survives and finishes what was being sent", async () => {
    const first = open(contact, [new ApiError(503, "unavailable")], { pause: () => new Promise(() => {}) });
    fill(first.store);
    void first.store.next();
    await new Promise((r) => setImmediate(r));
    const draft = JSON.parse(JSON.stringify(first.store.draft()));
    const second = open(contact, [{ submission: "sub_2" }]);
    second.store.restore(draft);
    await new Promise((r) => setImmediate(r));
    expect(second.store.phase).toBe("done");
    expect(second.sent[0]?.key).toBe(first.sent[0]?.key);
    expect(second.sent[0]?.body).toBe(first.sent[0]?.body);
  });
});

describe("files", () => {
  const field = long.steps[2]?.fields[1];
  if (!field) throw new Error("no file field");

  test("type, size and number are refused before anything is sent", async () => {
    const { store, sent } = open(long);
    await store.upload(field, new File(["x"], "a.exe", { type: "application/x-msdownload" }));
    expect(store.errors.files).toBe("file_type");
    await store.upload(field, { name: "a.png", type: "image/png", size: 5_000_001 } as File);
    expect(store.errors.files).toBe("file_size");
    expect(sent).toEqual([]);
    for (const n of ["a.png", "b.png", "c.png"]) await store.upload(field, new File(["x"], n, { type: "image/png" }));
    expect(store.errors.files).toBe("too_many");
    expect(sent.map((s) => s.action)).toEqual(["upload?field=files&name=a.png", "upload?field=files&name=b.png"]);
  });

  test("an upload becomes an answer, can be taken back, and is retried with its key", async () => {
    const { store, sent } = open(long, [new ApiError(503, "unavailable"), { file: "fil_7" }]);
    await store.upload(field, new File(["x"], "a.png", { type: "image/png" }));
    expect(store.answers.files).toEqual(["fil_7"]);
    expect(sent[0]?.key).toBe(sent[1]?.key);
    const u = store.files.files?.[0];
    if (!u) throw new Error("no upload");
    store.drop(field, u);
    expect(store.answers.files).toEqual([]);
  });

  test("accept patterns", () => {
    const file = (name: string, type: string) => ({ name, type });
    expect(accepts(field, file("a.PDF", "application/pdf"))).toBe(true);
    expect(accepts(field, file("a.gif", "image/gif"))).toBe(true);
    expect(accepts(field, file("a.txt", "text/plain"))).toBe(false);
    expect(accepts({ ...field, accept: [".Docx"] }, file("a.docx", ""))).toBe(true);
    expect(accepts({ ...field, accept: null }, file("a", ""))).toBe(true);
  });
});

describe("text", () => {
  test("numbers as people write them", async () => {
    await speak("en");
    expect(["1,500", "1,500.5", " 3.5 ", "-2", "٣٫٥", "two"].map(parseNumber)).toEqual([
      1500,
      1500.5,
      3.5,
      -2,
      3.5,
      "two",
    ]);
    await speak("de");
    expect(["1.500", "3,5", "1.500,25"].map(parseNumber)).toEqual([1500, 3.5, 1500.25]);
    await speak("en");
  });

  test("values from outside", () => {
    expect(coerce({ key: "a", type: "number" }, "5")).toBe(5);
    expect(coerce({ key: "a", type: "number" }, "x")).toBeUndefined();
    expect(coerce({ key: "a", type: "multi" }, "x,y")).toEqual(["x", "y"]);
    expect(coerce({ key: "a", type: "consent" }, true)).toBeUndefined();
    expect(coerce({ key: "a", type: "text" }, { a: 1 })).toBeUndefined();
  });
});

test("progress is batched, marked once, and silent before the visitor acts", async () => {
  const sent: string[] = [];
  const api = {
    started: false,
    act: async (_: string, body: string | Blob) => {
      sent.push(`${body}`);
      throw new ApiError(503, "unavailable");
    },
  };
  const p = new Progress(api, 3, 1e6);
  p.mark({ t: "step", step: "main" });
  p.mark({ t: "step", step: "main" });
  p.flush();
  expect(sent).toEqual([]);
  api.started = true;
  p.mark({ t: "start" });
  p.flush();
  p.flush();
  expect(sent).toEqual(['{"version":3,"events":[{"t":"step","step":"main"},{"t":"start"}]}']);
});
