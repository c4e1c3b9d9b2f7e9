// Asks for the session before the program has come: nothing behind the sign-in can be asked for without it. The lock of
// `src/api/session.ts` is heard of only when the program has run, so this asks without it. That is safe because every tab knows
// the same key for the next trade, and the same key gets the same answer. Whoever has no key, or works elsewhere than the
// others, waits for the lock.
(() => {
  // The program was quicker.
  if ("upzTrade" in window) return;
  try {
    const atTheDoor = /^\/(admin|sign-|forgot-|reset-|verify-|accept-|enter)/.test(location.pathname);
    const inside = sessionStorage.getItem("upz.visit") !== null;
    const key = localStorage.getItem("upz.trade");
    const tenant = sessionStorage.getItem("upz.tenant");
    const elsewhere = tenant !== null && tenant !== localStorage.getItem("upz.place");
    if (atTheDoor || inside || elsewhere || key === null || localStorage.getItem("upz.signed-in") === null) return;
    window.upzTrade = fetch("/v1/sessions/refresh", {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(tenant ? { tenant } : {}),
    });
    // Whoever takes it over hears of it.
    window.upzTrade.catch(() => undefined);
  } catch {
    // A browser without storage: the program asks.
  }
})();
