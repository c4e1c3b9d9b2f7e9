// Under an own domain the server names in the document whose console this is, and brings this script: the colour is on before the
// first paint, and the program finds the name. How a colour is worn is told in `src/modules/brand/colour.ts`.
(() => {
  const told = document.querySelector("meta[name=brand]")?.content;
  if (!told) return;
  const brand = JSON.parse(told);
  window.upzBrand = brand;
  const parts = /^#(..)(..)(..)$/.exec(brand.accent);
  // As it comes when nobody chose a colour; and a tab that is signed in knows what its tenant wears.
  if (!parts || brand.accent === "#2f4a8a") return;
  try {
    if (sessionStorage.getItem("upz.accent")) return;
    const [r, g, b] = parts.slice(1).map((part) => {
      const c = Number.parseInt(part, 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
    const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
    const hue = Math.round(((Math.atan2(y, x) * 180) / Math.PI + 360) % 360);
    const strength = Math.round(Math.min(1.2, Math.hypot(x, y) / 0.114) * 100) / 100;
    sessionStorage.setItem("upz.accent", `${hue} ${strength}`);
  } catch {
    // A browser without storage: it is painted once somebody is signed in.
  }
})();
