/**
 * Whose console this is. The administration is served from an origin of its own and only below `/admin`; the core
 * serves everything else. A page never changes sides without being loaded anew.
 */
export const onAdmin: boolean =
  typeof location !== "undefined" && (location.pathname === "/admin" || location.pathname.startsWith("/admin/"));
