import i18next from "i18next";
import { sayProblem } from "@/i18n/problems";
import type { components } from "../../api/generated/core";

type Body = components["schemas"]["Problem"];
export type FieldProblem = components["schemas"]["FieldProblem"];

/** What the server said no with: an RFC 9457 problem, and the id under which its logs know the request. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly requestId?: string,
    /** Seconds until it is worth asking again, for 429 and 503. */
    readonly retryAfter?: number,
    /** The record that this one became, for `merged`. */
    readonly mergedInto?: string,
    /** Where to sign in instead, for `member_elsewhere`. */
    readonly address?: string,
  ) {
    // What a person is told.
    super(sayProblem(fields[0]?.code ?? code, fields[0]?.detail ?? detail, address));
  }
}

/** The server could not be reached, or the connection broke. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  constructor(cause?: unknown) {
    super(i18next.t("error.unreachable"), { cause });
  }
}

/** Of an answer whose body was read already. A proxy in between answers without a problem document. */
export function problem(read: unknown, response: Response): ApiProblem {
  const body: Partial<Body> = read !== null && typeof read === "object" ? read : {};
  const detail = body.detail ?? response.statusText;
  const id = response.headers.get("x-request-id") ?? undefined;
  const { code = "unknown", errors = [], merged_into: into, address } = body;
  return new ApiProblem(response.status, code, detail, errors, id, wait(response), into ?? undefined, address ?? "");
}

export const problemOf = async (response: Response): Promise<ApiProblem> =>
  problem(await response.json().catch(() => undefined), response);

function wait({ status, headers }: Response): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  return Number(headers.get("retry-after") ?? headers.get("ratelimit-reset")) || undefined;
}

/** Worth asking again by itself: the network, a busy or a restarting server. Never a refusal. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof ApiProblem && (error.status >= 500 || error.status === 429);
}

export const hasStatus = (error: unknown, status: number): error is ApiProblem =>
  error instanceof ApiProblem && error.status === status;
