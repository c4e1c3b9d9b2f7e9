/**
 * The script a client's site includes: finds `[data-upz]` elements and turns them into widgets.
 * Works without any inline script; an optional stub that queues calls is `window.upz = window.upz ||
 * function () { (upz.q = upz.q || []).push(arguments) }`. Including the loader twice does nothing.
 */
import { NAME, V } from "../../shared/protocol";
import { type Instance, inline, overlay } from "./modes";
import { type Config, D, DARK, EDGE, type Listener, listeners } from "./page";

type Api = ((command: string, a?: unknown, b?: unknown) => void) & { v?: number; q?: ArrayLike<unknown>[] };
declare global {
  interface Window {
    upz?: Api;
  }
}

/** By placeholder, except floating buttons: those belong to the page, and a swapped body must not double them. */
const mounted = new Map<unknown, Instance>();

function mount(el: HTMLElement): void {
  const data = el.dataset;
  const id = data.upz;
  if (!id) return;
  const key = data.upzMode === "float" ? id : el;
  if (mounted.has(key)) {
    if (key === id) mounted.get(key)?.keep(el);
    return;
  }
  const c: Record<string, unknown> = { mode: "inline" };
  for (const k in data) if (k.startsWith("upz")) c[k.charAt(3).toLowerCase() + k.slice(4)] = data[k];
  c.id = id;
  c.height = Math.min(20000, Number.parseInt(`${c.height}`, 10) || 420);
  if (c.prefill) c.prefill = JSON.parse(`${c.prefill}`);
  mounted.set(key, (c.mode === "inline" ? inline : overlay)(el, c as never));
}

const placeholders = () => D.querySelectorAll<HTMLElement>("[data-upz]");

/** Brings widgets in line with the page: new placeholders, removed ones, frames somebody wiped out. */
function scan(): void {
  for (const [key, i] of mounted) if (!i.keep()) drop(i, key);
  for (const el of placeholders())
    try {
      mount(el);
    } catch (e) {
      // One broken placeholder keeps its link; the others still become widgets.
      console.error(NAME, e);
    }
}

const each = (id: unknown, f: (i: Instance, key: unknown) => void) => {
  for (const [key, i] of [...mounted]) if (!id || i.c.id === id) f(i, key);
};
const drop = (i: Instance, key: unknown) => {
  i.destroy();
  mounted.delete(key);
};
const themed = () => each(0, (i) => i.fr?.theme());

const commands: Record<string, (a: unknown, b: unknown) => void> = {
  on: (type, f) => listeners.add([type, f as Listener]),
  off(type, f) {
    for (const l of listeners) if (l[0] === type && (!f || l[1] === f)) listeners.delete(l);
  },
  open: (id) => [...mounted.values()].find((i) => i.open && (!id || i.c.id === id))?.open?.(),
  close: (id) => each(id, (i) => i.close?.()),
  theme(mode) {
    each(0, (i) => {
      i.c.theme = mode as string;
    });
    themed();
  },
  prefill: (id, d) =>
    each(id, (i) => {
      i.c.prefill = d as Config["prefill"];
      i.fr?.send("prefill", d);
    }),
  destroy(id) {
    each(id, drop);
    // Without this the next look at the page would mount it again.
    for (const el of placeholders()) if (!id || el.dataset.upz === id) delete el.dataset.upz;
  },
};

if (!window.upz?.v && EDGE) {
  const queued = window.upz?.q;
  const api: Api = (command, a, b) => {
    try {
      commands[command]?.(a, b);
    } catch (e) {
      console.error(NAME, e);
    }
  };
  api.v = V;
  window.upz = api;
  let due = 0;
  const later = () => {
    if (due) return;
    due = requestAnimationFrame(() => {
      due = 0;
      scan();
    });
  };
  const go = () => {
    scan();
    for (const a of queued || []) api(...(Array.from(a) as [string]));
    const watch = (f: () => void, what: MutationObserverInit) =>
      new MutationObserver(f).observe(D.documentElement, what);
    watch(later, { childList: true, subtree: true });
    watch(themed, { attributes: true });
    matchMedia(DARK).addEventListener("change", themed);
  };
  if (D.readyState === "loading") D.addEventListener("DOMContentLoaded", go);
  else go();
}
