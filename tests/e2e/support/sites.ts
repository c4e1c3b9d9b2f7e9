/** Websites of other people: one server, any host name that ends in `.localhost`, pages put there by a test. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class Sites {
  private readonly pages = new Map<string, { html: string; headers: Record<string, string> }>();
  private server: Server | undefined;
  private count = 0;
  port = 0;
  /** Stands for `EDGE` in every page. */
  edge = "";

  async start(): Promise<this> {
    const server = createServer((req, res) => {
      const page = this.pages.get((req.url ?? "/").split("?")[0] ?? "/");
      if (!page) return void res.writeHead(404, { "content-type": "text/plain" }).end("nothing here");
      res.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...page.headers });
      res.end(page.html);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }

  /** The origin of a host on this server. */
  at(host: string): string {
    return `http://${host}:${this.port}`;
  }

  /** Publishes a page on a website and gives its address. Every page writes down what it hears and what happens. */
  put(origin: string, body: string, headers: Record<string, string> = {}, head = ""): string {
    const path = `/${++this.count}`;
    const html =
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>Site</title>${head}<script>${RECORDER}</script></head><body>${body}</body></html>`;
    this.pages.set(path, { html: html.replaceAll("EDGE", this.edge), headers });
    return origin + path;
  }
}

/** The fallback link every snippet carries. */
export const LINK = `<a class="fb" href="/book">Book on our own page</a>`;

/** What a website copies from the dashboard. */
export const snippet = (widget: string, more = ""): string =>
  `<div id="box" data-upz="${widget}" data-upz-height="420" ${more}>${LINK}</div>` +
  `<script async src="EDGE/v1/loader.js" referrerpolicy="strict-origin"></script>`;

const RECORDER = `
self.heard = []; self.told = [];
addEventListener("message", (e) => heard.push({ origin: e.origin, data: JSON.stringify(e.data) }));
for (const t of ["widget.ready", "widget.error", "widget.opened", "widget.closed", "form.started", "form.submitted"])
  document.addEventListener("upz:" + t, (e) => told.push([t, e.detail]));
`;

declare global {
  /** Messages a page got. */
  var heard: { origin: string; data: string }[];
  /** Events of the loader a page got. */
  var told: [string, { code?: string; ref?: string }][];
}
