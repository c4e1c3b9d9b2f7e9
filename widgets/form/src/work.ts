/** The proof of work the edge asks for while somebody floods a tenant with submissions. */

export interface Challenge {
  token: string;
  /** Leading zero bits wanted, at most 32. */
  bits: number;
}

/** Longest search in milliseconds; a slow phone gives up and is sorted out by people instead. */
const PATIENCE = 8000;

/**
 * Finds a text so that SHA-256 of `<token>.<text>` starts with enough zero bits, and returns
 * `<token>.<text>`; "none" when this browser cannot do it in time.
 */
export async function prove({ token, bits }: Challenge, patience = PATIENCE): Promise<string> {
  const end = performance.now() + patience;
  const coder = new TextEncoder();
  // Plain http has no subtle crypto.
  if (!crypto.subtle) return "none";
  for (let n = 0; performance.now() < end; n += 256) {
    const tries = Array.from({ length: 256 }, (_, i) => `${token}.${n + i}`);
    const hashes = await Promise.all(tries.map((t) => crypto.subtle.digest("SHA-256", coder.encode(t))));
    const hit = hashes.findIndex((h) => Math.clz32(new DataView(h).getUint32(0)) >= bits);
    if (hit >= 0) return tries[hit] as string;
  }
  return "none";
}
