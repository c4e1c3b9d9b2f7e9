/** Talks to the edge: a short frame token buys a session, the session signs every action. */
import { type Challenge, prove } from "./work";

/** Why a call did not work. `status` 0 is a network failure. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Seconds to wait as the edge asked, 0 when it did not. */
    readonly wait = 0,
    readonly fields: Record<string, string> = {},
    /** Work to do first, with code `pow`. */
    readonly challenge?: Challenge,
  ) {
    super(code);
  }
}

export interface Reply {
  [key: string]: unknown;
}

/** A fresh Idempotency-Key: 128 random bits. Not `randomUUID`, which plain-http test sites lack. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Seconds in a Retry-After header, which is a number or a date; clamped to an hour. */
export function retryAfter(value: string | null, now: number): number {
  if (!value) return 0;
  const s = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Math.min(3600, Math.max(0, Math.ceil(s || 0)));
}

/** Sends one request; a test replaces it. */
export type Send = (
  path: string,
  token: string,
  body: string | Blob,
  key?: string,
  more?: SendOptions,
) => Promise<Reply>;
export interface SendOptions {
  progress?(part: number): void;
  signal?: AbortSignal;
  keepalive?: boolean;
  /** Answer to a challenge. */
  proof?: string | undefined;
}

const refuse = (status: number, text: string, wait: string | null): ApiError => {
  let j: { code?: string; fields?: Record<string, string>; challenge?: Challenge } = {};
  try {
    j = JSON.parse(text);
  } catch {
    // A proxy's own error page has no code; the status has to do.
  }
  return new ApiError(status, j?.code || `${status}`, retryAfter(wait, Date.now()), j?.fields || {}, j?.challenge);
};

export const send: Send = (path, token, body, key, more = {}) =>
  new Promise((resolve, reject) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    headers["content-type"] = typeof body === "string" ? "application/json" : "application/octet-stream";
    if (key) headers["idempotency-key"] = key;
    if (more.proof) headers["upz-pow"] = more.proof;
    const finish = (status: number, text: string, wait: string | null) => {
      if (status < 200 || status > 299) return reject(refuse(status, text, wait));
      try {
        resolve(text ? JSON.parse(text) : {});
      } catch {
        reject(new ApiError(502, "unavailable"));
      }
    };
    const lost = () => reject(new ApiError(0, "network"));
    if (!more.progress) {
      const { keepalive, signal } = more;
      const init: RequestInit = { method: "POST", headers, body, credentials: "omit", cache: "no-store", keepalive };
      if (signal) init.signal = signal;
      fetch(path, init)
        .then(async (r) => finish(r.status, await r.text(), r.headers.get("retry-after")))
        .catch(lost);
      return;
    }
    // Only XMLHttpRequest reports how much of an upload has left.
    const x = new XMLHttpRequest();
    x.open("POST", path);
    for (const h in headers) x.setRequestHeader(h, headers[h] as string);
    x.upload.onprogress = (e) => e.lengthComputable && more.progress?.(e.loaded / e.total);
    x.onload = () => finish(x.status, x.responseText, x.getResponseHeader("retry-after"));
    x.onerror = x.onabort = x.ontimeout = lost;
    more.signal?.addEventListener("abort", () => x.abort());
    x.send(body);
  });

export class Api {
  private session = "";
  /** Milliseconds on the clock below at which the session should be renewed. */
  private until = 0;
  private minting: Promise<string> | undefined;

  constructor(
    private readonly frameToken: string,
    /** Called when only a new frame document helps; must keep the draft. Returns false if that was tried. */
    private readonly stale: () => boolean,
    private readonly post: Send = send,
    private readonly now: () => number = () => performance.now(),
    private readonly work: (c: Challenge) => Promise<string> = prove,
  ) {}

  get started(): boolean {
    return !!this.session;
  }

  /** A session token, bought or renewed when needed; parallel callers share one request. */
  token(): Promise<string> {
    if (this.session && this.now() < this.until) return Promise.resolve(this.session);
    this.minting ||= this.mint().finally(() => {
      this.minting = undefined;
    });
    return this.minting;
  }

  private async mint(): Promise<string> {
    if (this.session) {
      try {
        return this.keep(await this.post("/v1/renew", this.session, "{}"));
      } catch (e) {
        if (!this.expired(e)) throw e;
        this.session = "";
      }
    }
    try {
      return this.keep(await this.post("/v1/session", this.frameToken, "{}"));
    } catch (e) {
      // The document sat open longer than its token lives. A new document has a new one.
      if (this.expired(e) && this.stale()) return new Promise(() => {});
      throw e;
    }
  }

  private expired(e: unknown): boolean {
    return e instanceof ApiError && (e.status === 401 || (e.status === 403 && e.code === "token"));
  }

  private keep(r: Reply): string {
    this.session = `${r.token}`;
    const life = Number(r.expires_in) || 1800;
    // A minute early, so a token never dies on the way.
    this.until = this.now() + Math.max(5, life - 60) * 1000;
    return this.session;
  }

  /** Runs an action. The same `key` makes a repetition harmless. */
  async act(action: string, body: string | Blob, key: string, more?: SendOptions): Promise<Reply> {
    let proof: string | undefined;
    for (let first = true; ; ) {
      const token = await this.token();
      try {
        return await this.post(`/v1/a/${action}`, token, body, key, proof ? { ...more, proof } : more);
      } catch (e) {
        if (e instanceof ApiError && e.challenge && !proof) {
          proof = await this.work(e.challenge);
          continue;
        }
        if (!first || !this.expired(e)) throw e;
        first = false;
        this.until = 0;
        // 403 `token` is beyond renewal: start over with the frame token.
        if ((e as ApiError).status === 403) this.session = "";
      }
    }
  }
}
