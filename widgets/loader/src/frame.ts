/** One widget frame: creation, handshake, and the closed list of things it may ask of the page. */
import { type Hello, NAME, type Up, V } from "../../shared/protocol";
import { attribution, type Config, D, EDGE, emit, make, tokens } from "./page";

export interface Hooks {
  /** New content height in whole pixels, 0 to 20000. */
  size(h: number): void;
  /** The widget has drawn itself: fallback links may go. */
  ready(): void;
  /** The widget will not work here: fallback links must come back. `drawn` when it explains itself. */
  fail(drawn?: boolean): void;
  close?(): void;
  title?(t: string): void;
}

export interface Frame {
  f: HTMLIFrameElement;
  send(t: string, d?: unknown): void;
  /** Sends the page's look again. */
  theme(): void;
  destroy(): void;
}

export function frame(c: Config, el: Element, hooks: Hooks): Frame {
  let look = tokens(c, el);
  const query = new URLSearchParams({
    // Not `location.origin`: a sandboxed page has the address of its website, but the rights of nobody.
    o: self.origin,
    m: c.mode,
    l: c.lang || D.documentElement.lang,
    t: look.mode,
    v: `${V}`,
  });
  const f = make("iframe", {
    src: `${EDGE}/w/${encodeURIComponent(c.id)}?${query}`,
    title: c.title || "Widget",
    referrerpolicy: "strict-origin",
  });
  f.style.cssText = "border:0;width:100%;display:block";
  // A frame whose scheme differs from its element's loses its transparent corners.
  const scheme = () => {
    f.style.colorScheme = look.mode;
  };
  scheme();
  let port: MessagePort | undefined;
  let queue: unknown[] = [];
  let settled = false;
  const send = (t: string, d?: unknown) => {
    if (port) port.postMessage({ t, d });
    else queue.push({ t, d });
  };
  const settle = () => {
    settled = true;
    clearTimeout(timer);
  };
  const fail = (code: unknown, drawn?: boolean) => {
    if (settled && !drawn) return;
    settle();
    hooks.fail(drawn);
    emit(c.id, "widget.error", { code });
    console.warn(`${NAME}: ${c.id} refused: ${code}`);
  };
  const timer = setTimeout(() => fail("timeout"), 10000);

  const heard = ({ t, d }: Up) => {
    if (t === "size") hooks.size(d.h > 0 ? Math.min(20000, Math.ceil(d.h)) : 0);
    if (t === "ready") {
      settle();
      hooks.ready();
      emit(c.id, "widget.ready");
    }
    if (t === "close") hooks.close?.();
    if (t === "error") fail(d.code, true);
    if (t === "event" && /^[a-z_]+\.[a-z_]+$/.test(d.type)) emit(c.id, d.type, d.detail);
    if (t === "scroll") {
      const top = f.getBoundingClientRect().top + d.y - 16;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (top < 0) scrollBy({ top, behavior: still ? "auto" : "smooth" });
    }
    if (t === "go") {
      const { protocol, origin, href } = new URL(d.url, EDGE);
      if (protocol === "https:" || origin === EDGE || origin === self.origin) location.assign(href);
    }
  };

  const message = ({ source, origin, data }: MessageEvent) => {
    // Both checks, always: the window proves which frame, the origin proves nobody navigated it away.
    if (!source || source !== f.contentWindow || origin !== EDGE || !data) return;
    const m = data as Hello & { denied?: boolean; code?: string };
    if (m.denied || (m.t as string) === "denied") fail(m.code);
    if (m.n !== NAME || m.t !== "hello" || m.v !== V) return;
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = (e) => {
      try {
        heard(e.data);
      } catch {
        // A malformed message is dropped; it must not become the host page's error.
      }
    };
    f.title = c.title || `${m.title}`.slice(0, 200);
    hooks.title?.(f.title);
    look = tokens(c, el);
    (source as Window).postMessage(
      { n: NAME, t: "init", v: V, theme: look, attr: attribution(m.params), prefill: c.prefill },
      EDGE,
      [channel.port2],
    );
    for (const q of queue) port.postMessage(q);
    queue = [];
  };
  addEventListener("message", message);

  return {
    f,
    send,
    theme() {
      look = tokens(c, el);
      scheme();
      if (port) send("theme", look);
    },
    destroy() {
      settle();
      removeEventListener("message", message);
      port?.close();
      f.remove();
    },
  };
}
