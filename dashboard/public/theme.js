// Before the first paint: no flash of the wrong sky, of the wrong direction, or of the wrong density.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const theme = read("upz.theme");
  const light = matchMedia("(prefers-color-scheme: light)").matches;
  root.dataset.theme = theme === "dark" || theme === "light" ? theme : light ? "light" : "dark";
  const frame = document.querySelector("meta[name=theme-color]");
  if (frame) frame.content = root.dataset.theme === "light" ? "#eff5f9" : "#060b14";
  if (read("upz.density") === "compact") root.dataset.density = "compact";
  // What the tenant of this tab wears.
  try {
    const [hue, strength] = (sessionStorage.getItem("upz.accent") ?? "").split(" ");
    if (strength) {
      root.style.setProperty("--accent-h", hue);
      root.style.setProperty("--accent-k", strength);
      root.style.setProperty("--accent-d", "0");
    }
  } catch {
    // It is painted a moment later.
  }
  const language = read("upz.language");
  if (language) {
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
  }
})();
