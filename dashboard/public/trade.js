// Asks for the session before the program has come: nothing behind the sign-in can be asked for without it, and a slow
// processor is busy with the program for a while. `src/api/session.ts` takes the answer over and knows the same keys.
(() => {
  try {
    const atTheDoor = /^\/(admin|sign-|forgot-|reset-|verify-|accept-|enter)/.test(location.pathname);
    const inside = sessionStorage.getItem("upz.visit") !== null;
    if (atTheDoor || inside || localStorage.getItem("upz.signed-in") === null || !navigator.locks) return;
    window.upzTrade = navigator.locks.request("upz.refresh", () => {
      const key = localStorage.getItem("upz.trade") ?? crypto.randomUUID();
      localStorage.setItem("upz.trade", key);
      const tenant = sessionStorage.getItem("upz.tenant");
      return fetch("/v1/sessions/refresh", {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(tenant ? { tenant } : {}),
      });
    });
    // Whoever takes it over hears of it.
    window.upzTrade.catch(() => undefined);
  } catch {
    // A browser without storage: the program asks.
  }
})();
