/**
 * The network between browser and edge: passes everything on, writes down what both said, and can be told to change
 * something on the way. What a browser decided is then read from what it asked for and what it was told.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface Exchange {
  method: string;
  path: string;
  /** What the browser sent, before anything was changed. */
  headers: IncomingHttpHeaders;
  status: number;
  answer: IncomingHttpHeaders;
  body: string;
}

/** What may be changed on the way. */
export interface Changes {
  request?(path: string, headers: IncomingHttpHeaders): void;
  /** May take headers out of `exchange.answer`; gives another body, or none to keep the one that came. */
  answer?(exchange: Exchange): string | undefined;
}

export class Wire {
  readonly log: Exchange[] = [];
  changes: Changes = {};
  origin = "";
  private server: Server | undefined;
  private waiting: (() => void)[] = [];
  private address = "";
  private static visitors = 0;

  constructor(private readonly edge: URL) {}

  async start(): Promise<this> {
    // An address of 64 KB is one of the attacks.
    const server = createServer({ maxHeaderSize: 128 * 1024 }, (req, res) => this.pass(req, res));
    server.on("upgrade", (req, socket, head) => this.upgrade(req, socket, head));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    this.server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    this.fresh();
    return this;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
  }

  /** Another visitor: an empty log, nothing changed, a network address that no limit knows yet. */
  fresh(): void {
    this.log.length = 0;
    this.changes = {};
    const n = Wire.visitors++;
    this.address = `198.${18 + (process.pid % 2)}.${(process.pid >> 1) & 255}.${n & 255}`;
  }

  of(prefix: string): Exchange[] {
    return this.log.filter((e) => e.path.startsWith(prefix));
  }

  /** Resolves with the first `count` exchanges that fit, as soon as they are there. */
  async seen(fits: (e: Exchange) => boolean, count = 1): Promise<Exchange[]> {
    const end = Date.now() + 20_000;
    for (;;) {
      const found = this.log.filter(fits);
      if (found.length >= count) return found;
      const left = end - Date.now();
      if (left <= 0)
        throw new Error(`not seen among\n${this.log.map((e) => `${e.status} ${e.method} ${e.path}`).join("\n")}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  private record(exchange: Exchange): void {
    this.log.push(exchange);
    for (const wake of this.waiting.splice(0)) wake();
  }

  private outgoing(req: IncomingMessage): IncomingHttpHeaders {
    const headers: IncomingHttpHeaders = { ...req.headers, "x-forwarded-for": this.address };
    this.changes.request?.(req.url ?? "/", headers);
    // Readable and changeable on the way; the edge's own tests look at compression.
    headers["accept-encoding"] = "identity";
    return headers;
  }

  private pass(req: IncomingMessage, res: import("node:http").ServerResponse): void {
    const path = req.url ?? "/";
    const method = req.method ?? "GET";
    const options = { host: "127.0.0.1", port: this.edge.port, method, path, headers: this.outgoing(req) };
    const onward = request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const bytes = Buffer.concat(parts);
        const status = answer.statusCode ?? 0;
        const exchange = { method, path, headers: req.headers, status, answer: answer.headers, body: bytes.toString() };
        const changed = this.changes.answer?.(exchange);
        const { "content-length": _, "transfer-encoding": __, ...headers } = answer.headers;
        res.writeHead(status, headers);
        res.end(changed ?? bytes, () => this.record(exchange));
      });
    });
    onward.on("error", () => res.destroy());
    req.pipe(onward);
  }

  /** The answer to an upgrade is only read as far as its head: the edge grants none. */
  private upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onward: Socket = connect(Number(this.edge.port), "127.0.0.1", () => {
      const lines = [`${req.method} ${req.url} HTTP/1.1`];
      for (const [name, value] of Object.entries({ ...req.headers, "x-forwarded-for": this.address }))
        lines.push(`${name}: ${value}`);
      onward.write(`${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
    });
    let text = "";
    let told = false;
    onward.on("data", (part) => {
      text += part.toString("latin1");
      socket.write(part);
      if (told || !text.includes("\r\n\r\n")) return;
      told = true;
      const [first = "", ...rest] = (text.split("\r\n\r\n")[0] ?? "").split("\r\n");
      const answer = Object.fromEntries(rest.map((l) => [l.split(":")[0]?.toLowerCase(), l.replace(/^[^:]*:\s*/, "")]));
      const status = Number(first.split(" ")[1]);
      this.record({ method: "GET", path: req.url ?? "/", headers: req.headers, status, answer, body: "" });
    });
    onward.on("end", () => socket.end());
    for (const side of [onward, socket]) side.on("error", () => onward.destroy());
    socket.on("close", () => onward.destroy());
  }
}
