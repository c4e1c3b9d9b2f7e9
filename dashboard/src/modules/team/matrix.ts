/**
 * What a role gives, as its editor shows it: the same rule as the server's. The exact name decides first, then special
 * rights wherever a module has them (`*.export`), then the longest prefix, then `*.read`, then `*`.
 */
export type Reach = "no" | "own" | "team" | "all";
export type Grants = Record<string, Reach>;

export const REACHES: readonly Reach[] = ["all", "team", "own", "no"];

function rank(pattern: string, permission: string): number | undefined {
  if (pattern === permission) return Number.MAX_SAFE_INTEGER;
  if (pattern === "*") return 0;
  if (pattern === "*.read") return permission.endsWith(".read") ? 1 : undefined;
  if (pattern.startsWith("*.")) return permission.endsWith(pattern.slice(1)) ? Number.MAX_SAFE_INTEGER - 1 : undefined;
  if (!pattern.endsWith(".*")) return undefined;
  const prefix = pattern.slice(0, -1);
  return permission.startsWith(prefix) ? 1 + prefix.length : undefined;
}

export function reachOf(grants: Grants, permission: string): Reach {
  let best = -1;
  let reach: Reach = "no";
  for (const [pattern, gives] of Object.entries(grants)) {
    const at = rank(pattern, permission);
    if (at === undefined || at <= best) continue;
    best = at;
    reach = gives;
  }
  return reach;
}

/** The grants with one permission changed: its exact name is written down only where the patterns say otherwise. */
export function withReach(grants: Grants, permission: string, reach: Reach): Grants {
  const { [permission]: _, ...rest } = grants;
  return reachOf(rest, permission) === reach ? rest : { ...rest, [permission]: reach };
}

/** The grants with all that somebody chose. */
export const withReaches = (grants: Grants, chosen: Grants): Grants =>
  Object.entries(chosen).reduce((now, [name, reach]) => withReach(now, name, reach), grants);

/** Permissions whose reach differs between two roles. */
export const differing = (before: Grants, after: Grants, names: readonly string[]): string[] =>
  names.filter((name) => reachOf(before, name) !== reachOf(after, name));
