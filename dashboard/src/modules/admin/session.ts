import type { components } from "../../../api/generated/admin";
import { problemOf, Unreachable } from "@/api/problem";
import { store } from "@/app/store";

type Tokens = components["schemas"]["AdminTokens"];

/**
 * Who of the platform is signed in, in this tab.
 *
 * The token lives in memory. The session itself lives in a cookie that no script can read, so a reload goes on without
 * another code; it is never prolonged, and after four hours the password and a code are asked for above the page.
 */
export type AdminState = "unknown" | "out" | "in" | "ended";

const state = store<AdminState>("unknown");
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("upz.admin");
let current: { token: string; admin: string; expiresAt: number } | undefined;
let running: Promise<string | undefined> | undefined;
let alarm: ReturnType<typeof setTimeout> | undefined;

export const adminSession = {
  get state(): AdminState {
    return state.get();
  },
  use: state.use,
  /** A token that is valid now; undefined: somebody has to sign in. */
  async token(refused?: string): Promise<string | undefined> {
    if (current && current.token !== refused && current.expiresAt > Date.now()) return current.token;
    running ??= resume(refused).finally(() => {
      running = undefined;
    });
    return running;
  },
  begin(tokens: Tokens): void {
    hold(tokens);
    channel?.postMessage("begun");
  },
  /** Signed out on purpose, here. */
  end(): void {
    forget();
    state.set("out");
    channel?.postMessage("ended");
  },
};

channel?.addEventListener("message", ({ data }) => {
  if (data === "ended" && state.get() === "in") over();
  // Signed in again in another tab: this one follows.
  else if (data === "begun" && state.get() !== "in") void adminSession.token().catch(() => undefined);
});

async function resume(refused: string | undefined): Promise<string | undefined> {
  let answer: Response;
  try {
    answer = await fetch("/v1/sessions/resume", { method: "POST" });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (answer.status === 401) return over();
  if (!answer.ok) throw await problemOf(answer);
  const tokens = (await answer.json()) as Tokens;
  if (tokens.access_token === refused) return over();
  const stranger = current !== undefined && current.admin !== tokens.admin.id;
  hold(tokens);
  // Somebody else signed in in another tab: nothing of the one before may stay on this screen.
  if (stranger) location.reload();
  return tokens.access_token;
}

function hold({ access_token, expires_in, admin }: Tokens): void {
  current = { token: access_token, admin: admin.id, expiresAt: Date.now() + expires_in * 1000 };
  clearTimeout(alarm);
  // Asked for when it is over, not with the next click that would then be lost.
  alarm = setTimeout(over, expires_in * 1000);
  state.set("in");
}

function forget(): void {
  clearTimeout(alarm);
  current = undefined;
}

function over(): undefined {
  const worked = state.get() === "in" || state.get() === "ended";
  clearTimeout(alarm);
  // Who it was stays known, so that somebody else who signs in starts afresh.
  if (current) current.expiresAt = 0;
  state.set(worked ? "ended" : "out");
  return undefined;
}
