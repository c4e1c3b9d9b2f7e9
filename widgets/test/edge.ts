/**
 * A small edge for the browser tests: serves dist/ and frame documents under the real policy headers, and
 * answers actions from a script. It checks no domain; the real edge's tests do that.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Form } from "../form/src/types";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
export const manifest = JSON.parse(readFileSync(`${dist}manifest.json`, "utf8"));

export interface Call {
  path: string;
  token: string;
  key: string | undefined;
  body: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Drops the connection instead of answering. */
  drop?: boolean;
}

export interface Widget {
  form: Form;
  brand?: unknown;
  theme?: unknown;
  refuse?: boolean;
}

async function read(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const p of req) parts.push(p as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

async function listen(handler: (req: IncomingMessage, res: ServerResponse) => void): Promise<[Server, string]> {
  const server = createServer(handler);
  await new Promise<void>((r) => server.listen(0, "127.0.0.1", r));
  // The page is on localhost and the edge on 127.0.0.1: two sites, as in life, and both trustworthy.
  return [server, String((server.address() as AddressInfo).port)];
}

export class Edge {
  readonly calls: Call[] = [];
  readonly frames: string[] = [];
  readonly violations: string[] = [];
  widgets: Record<string, Widget> = {};
  /** Decides an action; the default takes everything. */
  answer: (c: Call) => Answer | undefined = () => undefined;
  /** The host page's HTML by path. */
  pages: Record<string, string | { html: string; headers: Record<string, string> }> = {};
  private servers: Server[] = [];
  edge = "";
  host = "";

  async start(): Promise<this> {
    const [a, edge] = await listen((q, s) => this.serve(q, s));
    const [b, host] = await listen((q, s) => this.site(q, s));
    this.servers = [a, b];
    this.edge = `http://127.0.0.1:${edge}`;
    this.host = `http://localhost:${host}`;
    return this;
  }

  async stop(): Promise<void> {
    for (const s of this.servers) {
      s.closeAllConnections();
      await new Promise((r) => s.close(r));
    }
  }

  of(path: string): Call[] {
    return this.calls.filter((c) => c.path.startsWith(path));
  }

  private site(req: IncomingMessage, res: ServerResponse): void {
    const page = this.pages[(req.url ?? "/").split("?")[0] ?? "/"];
    if (page === undefined) return void res.writeHead(404).end();
    const { html, headers } = typeof page === "string" ? { html: page, headers: {} } : page;
    res.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers });
    res.end(html.replaceAll("EDGE", this.edge));
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", this.edge);
    if (req.method === "GET" && url.pathname.startsWith("/v1/")) return this.file(url.pathname.slice(4), res);
    if (req.method === "GET" && url.pathname.startsWith("/w/")) return this.frame(url, res);
    if (req.method === "GET") return void res.writeHead(404).end();
    const call: Call = {
      path: url.pathname + url.search,
      token: `${req.headers.authorization}`.replace("Bearer ", ""),
      key: req.headers["idempotency-key"] as string | undefined,
      body: await read(req),
    };
    this.calls.push(call);
    const a = this.answer(call) ?? usual(call);
    if (a.drop) return void res.destroy();
    res.writeHead(a.status, { "content-type": "application/json", "cache-control": "no-store", ...a.headers });
    res.end(JSON.stringify(a.body ?? {}));
  }

  private file(name: string, res: ServerResponse): void {
    const type = { js: "text/javascript", css: "text/css", json: "application/json" }[name.split(".").at(-1) ?? ""];
    try {
      const bytes = readFileSync(`${dist + decodeURIComponent(name)}.br`);
      res.writeHead(200, { "content-type": `${type}`, "content-encoding": "br", "access-control-allow-origin": "*" });
      res.end(bytes);
    } catch {
      res.writeHead(404).end();
    }
  }

  private frame(url: URL, res: ServerResponse): void {
    this.frames.push(url.href);
    const id = url.pathname.slice(3);
    const w = this.widgets[id];
    const o = url.searchParams.get("o") ?? "";
    if (!w || w.refuse) {
      res.writeHead(403, { "content-type": "text/html", "cache-control": "no-store" });
      return void res.end(`<script>parent.postMessage({n:"upz",t:"denied",denied:true,code:"origin"},"*")</script>`);
    }
    const f = manifest.widgets.form;
    const nonce = "dGVzdA";
    const data = {
      v: 1,
      widget: id,
      kind: "form",
      token: "F1",
      origin: o,
      build: manifest.build,
      lang: url.searchParams.get("l") || "en",
      theme: url.searchParams.get("t"),
      mode: url.searchParams.get("m"),
      config: { form: w.form, theme: w.theme },
      brand: w.brand ?? null,
    };
    res.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "private, no-store",
      "referrer-policy": "strict-origin",
      "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; frame-ancestors ${o}`,
    });
    res.end(
      `<!doctype html><html lang="${data.lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<style nonce="${nonce}">html{color-scheme:${data.theme}}body{margin:0}</style><link rel="stylesheet" href="/v1/${f.css}">` +
        `<script type="application/json" id="upz">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>` +
        `<script src="/v1/${f.js}" defer></script><body></body></html>`,
    );
  }
}

function usual(c: Call): Answer {
  if (c.path === "/v1/session") return { status: 200, body: { token: "S1", expires_in: 1800 } };
  if (c.path === "/v1/renew") return { status: 200, body: { token: "S2", expires_in: 1800 } };
  if (c.path.startsWith("/v1/a/upload"))
    return { status: 201, body: { file: "fil_1", name: "a", size: 1, type: "text/plain" } };
  if (c.path === "/v1/a/form") return { status: 201, body: { submission: "sub_1", state: "received" } };
  return { status: 200 };
}
