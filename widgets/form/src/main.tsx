/** @jsxImportSource preact */
/** Starts the form widget inside the document the edge served. */
import { render } from "preact";
import type { Up } from "../../shared/protocol";
import { Api } from "./api";
import { App, refocus } from "./app";
import { connect, embedded, type FrameData } from "./frame";
import { dress } from "./look";
import { Progress } from "./progress";
import { type Draft, Store } from "./store";
import { direction, speak } from "./text";

const DRAFT = "upz-draft";

/** The draft left by this frame just before it fetched itself again. Storage may be denied; then there is none. */
function takeDraft(widget: string): Draft | undefined {
  try {
    const text = sessionStorage.getItem(DRAFT + widget);
    sessionStorage.removeItem(DRAFT + widget);
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const data = JSON.parse(document.getElementById("upz")?.textContent || "") as FrameData;
  // Somebody opened or framed this document where it does not belong: stay blank.
  if (!embedded(data)) return;
  const { form, theme } = data.config;
  const lang = data.lang || "en";
  const html = document.documentElement;
  html.lang = lang;
  html.dir = direction(lang);
  const words = speak(lang);
  const params = form.steps.flatMap((s) => s.fields).flatMap((f) => (f.type === "hidden" && f.param) || []);
  const bridge = await connect(data, form.title || "", params);
  const wear = (t: typeof bridge.theme) => dress(t, [data.brand?.colors, theme]);
  wear(bridge.theme);
  await words;

  const draft = takeDraft(data.widget);
  const root = document.getElementById("app") || document.body.appendChild(document.createElement("main"));
  const mode = data.mode || "inline";
  let store: Store;
  const api = new Api(data.token, () => {
    // One reload is a cure, two are a loop.
    if (draft) return false;
    try {
      sessionStorage.setItem(DRAFT + data.widget, JSON.stringify(store.draft()));
    } catch {
      // Without storage a reload would lose the answers: better to say it failed.
      return false;
    }
    location.reload();
    return true;
  });
  const progress = new Progress(api, form.version);

  const draw = () => {
    render(<App store={store} mode={mode} links={data.brand?.legal_links ?? []} />, root);
    if (refocus(store)) bridge.send({ t: "scroll", d: { y: 0 } });
  };
  let due = false;
  const born = performance.now();
  const fresh = () =>
    new Store(form, api, progress, {
      attr: bridge.attr,
      prefill: bridge.prefill,
      changed() {
        if (due) return;
        due = true;
        queueMicrotask(() => {
          due = false;
          draw();
        });
      },
      event(type, detail) {
        if (type === "widget.refused") bridge.send({ t: "error", d: { code: `${detail?.code}` } });
        else bridge.send({ t: "event", d: { type, ...(detail ? { detail } : {}) } });
        const o = store.outcome;
        if (type === "form.submitted" && o?.kind === "redirect" && /^https:/.test(o.url))
          bridge.send({ t: "go", d: { url: o.url } });
      },
      online: () => navigator.onLine,
      back: () => new Promise((r) => addEventListener("online", () => r(), { once: true })),
      pause: (ms) => new Promise((r) => setTimeout(r, ms)),
      elapsed: () => performance.now() - born,
    });
  store = fresh();
  if (draft) store.restore(draft);
  draw();

  bridge.listen((m) => {
    if (m.t === "theme") wear(m.d);
    else if (m.t === "prefill") store.prefill(m.d || {});
    else if (m.t === "closed") {
      // Whoever opens the dialog again wants the form, not yesterday's thanks.
      if (store.phase === "done") store = fresh();
      draw();
    } else if (m.t === "open") document.getElementById("top")?.focus();
  });
  addEventListener("keydown", (e) => {
    if (e.key === "Escape" && mode !== "inline" && !e.defaultPrevented) bridge.send({ t: "close" });
  });
  // pagehide is not reliable on phones; becoming hidden is.
  document.addEventListener("visibilitychange", () => document.hidden && progress.flush(true));

  // The content box, not scrollHeight: the latter is never less than the frame and so never shrinks.
  const size: () => void = () => bridge.send({ t: "size", d: { h: Math.ceil(root.getBoundingClientRect().height) } });
  new ResizeObserver(() => requestAnimationFrame(size)).observe(root);
  size();
  bridge.send({ t: "ready" } satisfies Up);
  bridge.send({ t: "event", d: { type: "form.viewed" } });
}

main();
