/**
 * Accessibility as Lighthouse counts it, for every page of the console that has no id in its address. Only where the
 * package is installed (`npm install --no-save lighthouse@12`): it is far larger than anything else here, and the suite
 * asks each screen more than it does.
 */
import puppeteer from "puppeteer-core";

export async function accessibility(core, person, say, goal) {
  const lighthouse = await import(process.env.LIGHTHOUSE ?? "lighthouse").catch(() => undefined);
  if (!lighthouse) return console.error("  lighthouse is not installed: its figures are left out");
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    const ask = async (path) => {
      const flags = { onlyCategories: ["accessibility"], disableStorageReset: true, formFactor: "desktop" };
      const screenEmulation = { mobile: false, width: 1440, height: 900, deviceScaleFactor: 1, disabled: false };
      const { lhr } = await lighthouse.default(core + path, { ...flags, screenEmulation }, undefined, page);
      const wrong = Object.values(lhr.audits).filter((audit) => audit.score === 0);
      const how = wrong.map(({ id }) => id).join(", ") || "desktop";
      say(`Lighthouse accessibility: ${path}`, goal.atLeast(100), "", [lhr.categories.accessibility.score * 100], how);
    };
    await page.goto(`${core}/sign-in`);
    await page.waitForSelector("input[type=password]");
    const routes = await page.evaluate(() => Object.keys(window.__TSR_ROUTER__.routesByPath));
    const open = ["/sign-in", "/sign-up", "/forgot-password"];
    const links = ["/verify-email", "/reset-password", "/accept-invitation"];
    for (const path of open) await ask(path);
    await page.goto(`${core}/sign-in`);
    await page.waitForSelector("input[type=password]");
    await page.type("input[type=email]", person.email);
    await page.type("input[type=password]", person.password);
    await page.keyboard.press("Enter");
    await page.waitForSelector("nav a[href='/contacts']");
    const inside = [...new Set(routes.map((path) => path.replace(/(.)\/$/, "$1")))];
    for (const path of inside.sort()) if (![...open, ...links].includes(path) && !path.includes("$")) await ask(path);
  } finally {
    await browser.close();
  }
}
