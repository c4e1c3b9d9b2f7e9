import type { components } from "../../api/generated/core";
import type { ApiProblem } from "./problem";
import { keepVisit, keptVisit, type Visit, type VisitEnd } from "./visit";

type Tokens = components["schemas"]["Tokens"];
type Switched = components["schemas"]["Switched"];

/**
 * Who is signed in, in this tab.
 *
 * The access token lives in memory. The refresh token lives in a cookie that no script can read; it is shared by the tabs
 * of one browser, works once, and is traded under a lock: two tabs that traded the same one under different keys would
 * look like a thief and end the session. The first trade of a page may be begun without the lock (`trade.js`), under the key
 * that every tab knows. Each tab keeps its own tenant, so an agency's and a client's can stand side by side.
 */
export interface SignedIn {
  user: string;
  tenant: string;
  accessToken: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export type SessionState =
  | { kind: "unknown" }
  /** `why` is the server's reason, when somebody who is known is kept out: his account is stopped, he is blocked. */
  | { kind: "out"; why?: ApiProblem }
  | { kind: "in"; tenant: string; visit?: Visit }
  /** A visit ended: nothing of it may stay on the screen, and nothing typed there may reach the own tenant. */
  | { kind: "over"; tenant: string; visit: Visit; why: VisitEnd }
  /** The session ended while somebody was at work: everything stays on the screen until he signed in again. */
  | { kind: "ended"; tenant: string };

declare global {
  interface Window {
    /** The first trade, when it was begun before this program had come (`trade.js`). */
    upzTrade?: Promise<Response> | undefined;
  }
}

/** Whether a session may be there: the cookie itself cannot be seen. */
const SIGNED_KEY = "upz.signed-in";
const TENANT_KEY = "upz.tenant";
const LOCK = "upz.refresh";
/**
 * The key of the next trade, known to every tab since the one before: two that trade the same token get the same answer, and
 * a page that was left in the middle of it is followed by one that repeats it.
 */
const TRADE_KEY = "upz.trade";
/** Where the session was when it was traded last: the answer to a repeated key is for there. */
const PLACE_KEY = "upz.place";
/** Trade early enough that no request starts with a token that ends on the way. */
const EARLY = 30_000;
/** Seconds that a busy server may ask for without anybody being told. */
const PATIENCE = 5;

let current: SignedIn | undefined;
let visit: Visit | undefined;
let visitTimer: ReturnType<typeof setTimeout> | undefined;
let state: SessionState = { kind: "unknown" };
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("upz.session");

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

export const session = {
  get state(): SessionState {
    return state;
  },
  /** Whether somebody was signed in here, and it is not known yet whether he still is. */
  get expected(): boolean {
    return state.kind === "unknown" && read(localStorage, SIGNED_KEY) !== null;
  },
  /** Where is worked now; empty while nobody is signed in. */
  get tenant(): string {
    return "tenant" in state ? state.tenant : "";
  },
  /** The same, or where this tab worked before it was loaded anew. */
  get lately(): string {
    return this.tenant || (read(sessionStorage, TENANT_KEY) ?? "");
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** A token that is good for a while; trades the refresh token when needed. Undefined: nobody is signed in. */
  async token(): Promise<string | undefined> {
    if (visit) return visit.expiresAt > Date.now() && state.kind === "in" ? visit.accessToken : finish("time");
    return this.own();
  },
  /** A token of the person himself, also while he is inside a client. */
  async own(): Promise<string | undefined> {
    if (current && current.expiresAt - EARLY > Date.now()) return current.accessToken;
    return refresh(current?.accessToken);
  },
  /** After a 401: a newer token than the refused one, or undefined when the session is over. */
  async renew(refused: string): Promise<string | undefined> {
    if (!visit) return refresh(refused);
    // What was asked before he went inside is not asked again from there.
    return refused === visit.accessToken ? finish("elsewhere") : undefined;
  },
  begin(tokens: Omit<Tokens, "refresh_token">): void {
    write(localStorage, SIGNED_KEY, "yes");
    write(localStorage, TRADE_KEY, crypto.randomUUID());
    hold(tokens);
    channel?.postMessage("begun");
  },
  /** Works in another tenant of the same person from now on. */
  moved(to: Switched): void {
    hold({ ...to, user: current?.user ?? "" });
  },
  /** Works inside a tenant from now on, in this tab. Never from inside another one. */
  enter(next: Visit): void {
    if (visit) throw new Error("a visit from inside a visit");
    settle(next);
  },
  /** The visit's rights changed: another one took its place without leaving. */
  change(next: Visit): void {
    if (visit) settle(next);
  },
  /** He is on his way out. */
  finish: (why: VisitEnd): void => void finish(why),
  /** He is out: the own tenant again, or whatever was there before. */
  leave(): void {
    clearTimeout(visitTimer);
    visit = undefined;
    keepVisit(undefined);
    become(current ? { kind: "in", tenant: current.tenant } : { kind: "unknown" });
  },
  /** Signed out on purpose, here. */
  end(): void {
    forget();
    forgetDrafts();
    become({ kind: "out" });
    channel?.postMessage("ended");
  },
};

channel?.addEventListener("message", (message) => {
  if (message.data === "ended" && visit) {
    // The server ended it together with the session; whose it was stays known, for whoever signs in next.
    if (current) current.expiresAt = 0;
    finish("elsewhere");
  } else if (message.data === "ended" && state.kind === "in") {
    current = undefined;
    become({ kind: "ended", tenant: state.tenant });
  } else if (message.data === "begun" && state.kind !== "in") {
    // Signed in again in another tab: this one follows, or asks when it needs to.
    void refresh(undefined).catch(() => undefined);
  }
});

function hold(tokens: Pick<Tokens, "user" | "tenant" | "access_token" | "expires_in">): void {
  const { user, tenant } = tokens;
  current = { user, tenant, accessToken: tokens.access_token, expiresAt: Date.now() + tokens.expires_in * 1000 };
  write(sessionStorage, TENANT_KEY, tenant);
  write(localStorage, PLACE_KEY, tenant);
  if (visit) return;
  if (state.kind !== "in" || state.tenant !== tenant) become({ kind: "in", tenant });
}

function settle(next: Visit): void {
  clearTimeout(visitTimer);
  visit = next;
  keepVisit(next);
  become({ kind: "in", tenant: next.tenant, visit: next });
  visitTimer = setTimeout(() => finish("time"), Math.max(0, next.expiresAt - Date.now()));
}

function finish(why: VisitEnd): undefined {
  if (!visit || state.kind === "over") return;
  clearTimeout(visitTimer);
  become({ kind: "over", tenant: visit.tenant, visit, why });
}

// A reload inside a client stays inside.
const kept = keptVisit();
if (kept) settle(kept);

function forget(): void {
  current = undefined;
  clearTimeout(visitTimer);
  visit = undefined;
  keepVisit(undefined);
  for (const key of [SIGNED_KEY, TRADE_KEY, PLACE_KEY]) write(localStorage, key, null);
  write(sessionStorage, TENANT_KEY, null);
}

/** Half-written notes are nobody else's. */
function forgetDrafts(): void {
  const keys = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index));
  for (const key of keys) if (key?.startsWith("upz.draft.")) write(sessionStorage, key, null);
}

let running: Promise<string | undefined> | undefined;

/** One trade at a time in this tab, and by the lock in this browser. */
function refresh(refused: string | undefined): Promise<string | undefined> {
  if (current && current.accessToken !== refused && current.expiresAt - EARLY > Date.now())
    return Promise.resolve(current.accessToken);
  running ??= (begun() ?? locked(trade)).finally(() => {
    running = undefined;
  });
  return running;
}

/** The trade that was begun before. What did not go well is repeated, with its key; so is an answer for another place. */
function begun(): Promise<string | undefined> | undefined {
  const first = window.upzTrade;
  // Said to `trade.js`, should it come after the program: one trade is enough.
  window.upzTrade = undefined;
  return first?.then(
    async (answer) => {
      const wished = read(sessionStorage, TENANT_KEY);
      const elsewhere = answer.ok && wished && ((await answer.clone().json()) as Tokens).tenant !== wished;
      if (answer.ok && !elsewhere) return settled(answer);
      if (answer.ok || answer.status === 401) write(localStorage, TRADE_KEY, null);
      return answer.status === 401 ? settled(answer) : locked(trade);
    },
    () => locked(trade),
  );
}

async function trade(): Promise<string | undefined> {
  if (!read(localStorage, SIGNED_KEY)) return over();
  const tenant = current?.tenant ?? read(sessionStorage, TENANT_KEY) ?? undefined;
  const answer = await post(tenant ? { tenant } : {});
  // The tenant may be gone for this person while the session is not.
  return settled(answer.status === 403 && tenant ? await post({}) : answer);
}

async function settled(final: Response): Promise<string | undefined> {
  if (final.status === 401) return over();
  if (final.status === 403) return over(await refusal(final));
  if (!final.ok) throw await refusal(final);
  write(localStorage, TRADE_KEY, crypto.randomUUID());
  const tokens = (await final.json()) as Tokens;
  const stranger = current !== undefined && current.user !== tokens.user;
  hold(tokens);
  // Somebody else signed in in another tab: nothing of the one before may stay on this screen.
  if (stranger) location.reload();
  return tokens.access_token;
}

/** With a key, a trade whose answer got lost can be repeated and gets the same answer, also after a reload. */
async function post(body: { tenant?: string }): Promise<Response> {
  const key = read(localStorage, TRADE_KEY) ?? crypto.randomUUID();
  write(localStorage, TRADE_KEY, key);
  const answer = await send(body, key);
  // Refused for good: this key is over.
  if (!answer.ok && answer.status < 500 && answer.status !== 429) write(localStorage, TRADE_KEY, null);
  return answer;
}

async function send(body: { tenant?: string }, key: string): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await fetch("/v1/sessions/refresh", {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
      });
      // A whole office behind one address may be asked for patience; nobody wants to read about a few seconds.
      const wait = answer.status === 429 ? Number(answer.headers.get("retry-after")) : 0;
      if (!(wait > 0 && wait <= PATIENCE) || tries >= 4) return answer;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    } catch (error) {
      if (tries >= 2) throw new (await problems()).Unreachable(error);
    }
  }
}

/** What explains refusals comes when there is one: the first trade is not to wait for its words. */
const problems = () => import("./problem");
const refusal = async (answer: Response): Promise<ApiProblem> => (await problems()).problemOf(answer);

function over(why?: ApiProblem): undefined {
  // Inside, the visit ended with the session: he is told when he is back.
  if (visit) {
    write(localStorage, SIGNED_KEY, null);
    return finish("elsewhere");
  }
  const worked = state.kind === "in" ? state.tenant : undefined;
  forget();
  if (state.kind !== "ended") become(worked ? { kind: "ended", tenant: worked } : { kind: "out", ...(why && { why }) });
  return undefined;
}

function locked<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? (navigator.locks.request(LOCK, work) as Promise<T>) : work();
}

function read(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function write(storage: Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // A browser without storage: signed in until the tab is closed.
  }
}
