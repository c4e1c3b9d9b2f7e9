/** The frame's side of the conversation with the page, and what the edge wrote into the document. */
import {
  type Attribution,
  type Down,
  type Hello,
  type Init,
  type Mode,
  NAME,
  type Tokens,
  type Up,
  V,
} from "../../shared/protocol";
import type { Form } from "./types";

/** Colours chosen by the tenant for the light theme; `dark` holds those for the dark one. */
export type Colors = Partial<Tokens> & { on_accent?: string; dark?: Partial<Tokens> };

export interface Brand {
  colors?: Colors | null;
  legal_links?: { label: string; url: string }[] | null;
}

/** The JSON in `<script id="upz">`. */
export interface FrameData {
  v: number;
  widget: string;
  kind: string;
  /** Frame token, good for minutes: only buys a session. */
  token: string;
  /** The one page origin this document was made for. */
  origin: string;
  build?: string;
  lang?: string;
  theme?: "light" | "dark";
  mode?: Mode;
  config: { form: Form; theme?: Colors };
  brand?: Brand | null;
}

export interface Bridge {
  theme: Tokens;
  attr: Attribution;
  prefill: Record<string, unknown>;
  send(m: Up): void;
  listen(f: (m: Down) => void): void;
}

/** False in a top-level window or under a parent other than the one the edge allowed. */
export function embedded(data: FrameData, win: Window = window): boolean {
  if (win === win.top) return false;
  const above = win.location.ancestorOrigins;
  return !above?.length || above[0] === data.origin;
}

/** Says hello to the exact parent origin and resolves with its port; never resolves for anybody else. */
export function connect(data: FrameData, title: string, params: string[], win: Window = window): Promise<Bridge> {
  return new Promise((resolve) => {
    const heard = (e: MessageEvent) => {
      const m = e.data as Init | null;
      const port = e.ports[0];
      if (e.source !== win.parent || e.origin !== data.origin || !port || !m) return;
      if (m.n !== NAME || m.t !== "init" || !(m.v === V || m.v === V - 1)) return;
      win.removeEventListener("message", heard);
      resolve({
        theme: m.theme,
        attr: m.attr || {},
        prefill: m.prefill || {},
        send: (up) => port.postMessage(up),
        listen(f) {
          // Setting the handler starts the port, so nothing sent before is lost.
          port.onmessage = (e) => f(e.data);
        },
      });
    };
    win.addEventListener("message", heard);
    const hello: Hello = { n: NAME, t: "hello", v: V, title: title.slice(0, 200), params: params.slice(0, 32) };
    win.parent.postMessage(hello, data.origin);
  });
}
