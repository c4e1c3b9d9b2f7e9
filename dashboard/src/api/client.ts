import createClient from "openapi-fetch";
import type { components, paths } from "../../api/generated/core";
import { ApiProblem, problem, Unreachable } from "./problem";
import { session } from "./session";

export type Schema = components["schemas"];

/** Endpoints that somebody calls before he is signed in. */
const OPEN = [
  /^\/v1\/sessions$/,
  /^\/v1\/sessions\/(refresh|second-factor|passkey|passkey-options)$/,
  /^\/v1\/sign-ups/,
  /^\/v1\/password-resets/,
  /^\/v1\/invitations\/acceptance$/,
  /^\/v1\/email-changes\/(confirmation|reversion)$/,
];

const isOpen = (request: Request) =>
  request.method === "POST" && OPEN.some((pattern) => pattern.test(new URL(request.url).pathname));

/** Signs requests, renews the token once after a 401, gives every POST a key so that a repeat is not a second one. */
export async function signedFetch(request: Request, tokenOf = () => session.token()): Promise<Response> {
  if (request.method === "POST" && !request.headers.has("idempotency-key"))
    request.headers.set("idempotency-key", crypto.randomUUID());
  if (isOpen(request)) return send(request);
  const token = await tokenOf();
  if (!token) throw new ApiProblem(401, "signed_out", "");
  const again = request.clone();
  request.headers.set("authorization", `Bearer ${token}`);
  const answer = await send(request);
  if (answer.status !== 401) return answer;
  const newer = await session.renew(token);
  if (!newer) return answer;
  again.headers.set("authorization", `Bearer ${newer}`);
  return send(again);
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(error);
  }
}

const options = {
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  // `filter` repeats: filter=a&filter=b.
  querySerializer: { array: { style: "form", explode: true } },
} as const;

/** The API of agencies and clients, typed by its document. */
export const api = createClient<paths>({ ...options, fetch: (request: Request) => signedFetch(request) });

/** The same, as the person himself: also while he is inside a client. */
export const ownApi = createClient<paths>({
  ...options,
  fetch: (request: Request) => signedFetch(request, () => session.own()),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; a refusal is thrown as a problem. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problem(error, response);
  return data as NonNullable<T>;
}

/** The `If-Match` of a change to what was read as this version: a newer one elsewhere is 412, and nothing is overwritten. */
export const ifMatch = (version: number | undefined) => (version === undefined ? {} : { "If-Match": `"v${version}"` });
