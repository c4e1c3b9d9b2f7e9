/** The three ways a widget appears: in the page, in a dialog, or behind a floating button. */
import { type Frame, frame } from "./frame";
import { type Config, D, emit, make, tokens } from "./page";

export interface Instance {
  c: Config;
  fr?: Frame;
  open?(): void;
  close?(): void;
  /** Repairs what a page swap removed; false when the instance should be destroyed and mounted anew. */
  keep(el?: Element): boolean;
  destroy(): void;
}

const show = (nodes: Element[], on: boolean) => {
  // Not `hidden`: any display rule of the site would win over it.
  for (const n of nodes) (n as HTMLElement).style.setProperty("display", on ? "" : "none", "important");
};

/** Draws the widget inside its placeholder, loading it when it comes near the viewport. */
export function inline(el: HTMLElement, c: Config): Instance {
  const links = [...el.children];
  const used = el.offsetHeight;
  let refused = false;
  const calm = (visible: boolean) => {
    el.style.minHeight = "";
    el.removeAttribute("aria-busy");
    show(links, visible);
  };
  const start = () => {
    near.disconnect();
    el.setAttribute("aria-busy", "true");
    const fr = frame(c, el, {
      size(h) {
        fr.f.style.height = `${h}px`;
      },
      ready: () => calm(false),
      fail(drawn) {
        calm(true);
        refused = !drawn;
        if (refused) fr.f.remove();
      },
    });
    // Link and frame share the reserved height until the link goes, so nothing below them moves.
    fr.f.style.height = `${Math.max(40, c.height - used)}px`;
    el.append(fr.f);
    self.fr = fr;
  };
  const near = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && start(), {
    rootMargin: "600px",
  });
  const self: Instance = {
    c,
    keep: () => el.isConnected && (!self.fr || refused || self.fr.f.isConnected),
    destroy() {
      near.disconnect();
      self.fr?.destroy();
      calm(true);
    },
  };
  el.style.minHeight = `${c.height}px`;
  if (c.eager == null) near.observe(el);
  else start();
  return self;
}

const CSS = `button{all:initial;cursor:pointer;display:flex;align-items:center;justify-content:center;gap:10px;font:600 15px system-ui;color:inherit;border-radius:29px}
:focus-visible{outline:2px solid;outline-offset:2px}
svg{width:22px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round}
dialog,.l{position:fixed;border:0;padding:0;color:inherit;background:var(--s);overflow:hidden;border-radius:16px;box-shadow:0 9px 48px -9px #0006;width:min(600px,100vw - 24px);max-height:calc(100dvh - 24px)}
::backdrop{background:#0b10188c}
div{overflow:auto;max-height:inherit;height:var(--h)}
dialog button{position:absolute;top:8px;inset-inline-end:8px;width:44px;height:44px}
.l,.p{margin:0;inset:auto;bottom:26px;inset-inline-end:26px}
.l{width:auto;min-width:24px;height:58px;padding:0 17px;background:var(--a);color:var(--o);border-radius:29px}
.p{bottom:98px;width:400px;max-height:calc(100dvh - 122px)}
.s{inset-inline:26px auto}
@media(max-width:639px){dialog{margin-bottom:0;width:100%;max-width:100%;border-radius:16px 16px 0 0}
.p{inset:0;height:100%;max-height:none;border-radius:0}.p div{height:100%}[open]+.l{display:none}}
@media(prefers-reduced-motion:no-preference){[open]{animation:u .24s ease-out}@keyframes u{from{opacity:0;transform:translateY(12px)}}}`;

/** An icon made of DOM calls: no markup strings, no images, so no host policy minds. */
function icon(d: string): Element {
  const draw = (tag: string) => D.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = draw("svg");
  const path = draw("path");
  svg.setAttribute("viewBox", "0 0 24 24");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}
const CROSS = "M6 6l12 12M18 6L6 18";
const TALK = "M20 12a8 8 0 0 1-12 7l-4 1 1-4a8 8 0 1 1 15-4zM9 12h0M12 12h0M15 12h0";

/**
 * Shows the widget above the page: in a modal dialog opened by `el`, or in a panel behind a floating
 * button. Either way the frame is created on the first press and not before.
 */
export function overlay(el: HTMLElement, c: Config): Instance {
  const modal = c.mode === "popup";
  const side = c.side === "left" ? " s" : "";
  const name = c.label || c.title || el.textContent?.trim() || "Contact";
  let links = modal ? [] : [...el.children];
  let ready = false;
  let refused = false;
  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  const dlg = make("dialog", { "aria-label": name, class: modal ? "" : `p${side}` });
  const well = make("div");
  const x = make("button", { "aria-label": c.close || "Close" });
  const opener = modal ? el : make("button", { class: `l${side}`, "aria-label": name });

  const paint = () => {
    const t = tokens(c, el);
    const [s, i] = t.mode === "dark" ? ["#161a20", "#eef1f4"] : ["#fff", "#17202e"];
    host.dir = getComputedStyle(D.documentElement).direction;
    host.style.cssText = `all:initial;position:fixed;z-index:${c.z || 2147482000};color:${t.text || i};--s:${t.surface || s};--a:${t.accent || "#17202e"};--o:${t.onAccent || "#fff"}`;
    if (!host.isConnected) D.body.append(host);
  };
  const face = (on: boolean) => {
    opener.setAttribute("aria-expanded", `${on}`);
    if (!modal) opener.replaceChildren(icon(on ? CROSS : TALK), on ? "" : c.label || "");
  };
  // On a phone the keyboard covers the layout viewport; only the visual one tells what is left.
  const view = visualViewport as VisualViewport;
  const resize = () => {
    dlg.style.cssText = modal || innerWidth > 639 ? "" : `height:${view.height}px;top:${view.offsetTop}px`;
  };
  const size = (h: number) => well.style.setProperty("--h", `${h}px`);
  const close = () => dlg.close();
  const open = () => {
    if (refused || dlg.open) return;
    paint();
    resize();
    if (!self.fr) {
      self.fr = frame(c, el, {
        size,
        ready() {
          ready = true;
          show(links, false);
        },
        fail(drawn) {
          show(links, true);
          if (drawn) return;
          const asked = dlg.open;
          refused = true;
          self.destroy();
          // The visitor asked for it: take them to the page behind the link instead.
          if (asked && el instanceof HTMLAnchorElement && /^http/.test(el.protocol)) location.assign(el.href);
        },
        close,
        title: (t) => dlg.setAttribute("aria-label", t),
      });
      self.fr.f.style.height = "100%";
      size(c.height);
      well.append(self.fr.f);
    }
    if (modal) dlg.showModal();
    else dlg.show();
    face(true);
    self.fr.f.focus();
    self.fr.send("open");
    emit(c.id, "widget.opened");
  };
  const press = (e: Event) => {
    e.preventDefault();
    if (dlg.open) close();
    else open();
  };
  const self: Instance = {
    c,
    open,
    close,
    keep(now) {
      if (modal) return refused || el.isConnected;
      if (now) links = [...now.children];
      if (ready) show(links, false);
      if (!refused && !host.isConnected) D.body.append(host);
      return true;
    },
    destroy() {
      view.removeEventListener("resize", resize);
      self.fr?.destroy();
      host.remove();
      opener.removeEventListener("click", press);
      show(links, true);
    },
  };
  x.append(icon(CROSS));
  x.onclick = close;
  dlg.onclose = () => {
    face(false);
    self.fr?.send("closed");
    emit(c.id, "widget.closed");
    opener.focus();
  };
  // A press outside the box lands on the dialog itself.
  dlg.onclick = (e) => e.target === dlg && close();
  host.onkeydown = (e) => e.key === "Escape" && close();
  opener.addEventListener("click", press);
  view.addEventListener("resize", resize);
  dlg.append(well, x);
  root.append(dlg);
  face(false);
  if (!modal) {
    root.append(opener);
    paint();
  }
  return self;
}
