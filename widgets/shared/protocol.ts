/**
 * What the loader on the client's page and the widget frame say to each other.
 * One `hello` goes from the frame to the exact parent origin, one `init` comes back with a MessagePort,
 * and from then on only the port is used, so nothing on the page can join the conversation.
 */

/** Version of this conversation. The frame answers to this one and the one before. */
export const V = 1;
/** Marks our messages on `window`, where the whole page talks. */
export const NAME = "upz";

export type Mode = "inline" | "popup" | "float";

/** Look of the client's site. Values are CSS, checked by the frame before use. */
export interface Tokens {
  mode: "light" | "dark";
  accent?: string;
  onAccent?: string;
  surface?: string;
  text?: string;
  success?: string;
  radius?: string;
  font?: string;
  density?: string;
}

export const TOKENS = "accent onAccent surface text success radius font density".split(" ") as Exclude<
  keyof Tokens,
  "mode"
>[];

/** Campaign parameters, click ids, page and referrer of the host page. */
export type Attribution = Record<string, string>;

export interface Hello {
  n: typeof NAME;
  t: "hello";
  v: number;
  /** Accessible name for the frame, at most 200 characters. */
  title?: string;
  /** Query parameters the widget asks the host page for, at most 32. */
  params?: string[];
}

export interface Init {
  n: typeof NAME;
  t: "init";
  v: number;
  theme: Tokens;
  attr: Attribution;
  prefill?: Record<string, unknown>;
}

/** Loader to frame, over the port. */
export type Down =
  | { t: "theme"; d: Tokens }
  | { t: "prefill"; d: Record<string, unknown> }
  | { t: "open" | "closed"; d?: undefined };

/** Frame to loader, over the port. Anything else is dropped. */
export type Up =
  | { t: "ready"; d?: undefined }
  | { t: "size"; d: { h: number } }
  | { t: "close"; d?: undefined }
  | { t: "go"; d: { url: string } }
  | { t: "scroll"; d: { y: number } }
  | { t: "event"; d: { type: string; detail?: Record<string, unknown> } }
  | { t: "error"; d: { code: string } };
