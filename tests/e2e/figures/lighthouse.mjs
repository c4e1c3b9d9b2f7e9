#!/usr/bin/env node
/**
 * Accessibility as Lighthouse counts it, for every page of the console that has no id in its address: what `cargo xtask
 * bench lighthouse` runs. Only where the package is installed (`npm install --no-save lighthouse@12`): it is far larger
 * than anything else here, and the suite asks each screen more than it does.
 */
import puppeteer from "puppeteer-core";
import { goal, say } from "./say.mjs";

const [core, email, password] = process.argv.slice(2);
const { default: lighthouse } = await import(process.env.LIGHTHOUSE ?? "lighthouse").catch(() => {
  console.error("  lighthouse is not installed: its figures are left out");
  process.exit(0);
});
const OPEN = ["/sign-in", "/sign-up", "/forgot-password"];
/** They come with a secret of a mail. */
const LINKS = ["/verify-email", "/reset-password", "/accept-invitation"];

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

async function ask(page, path) {
  // Whoever is signed in listens to a stream that never ends: the network would never be quiet.
  const still = { maxWaitForLoad: 6_000, throttlingMethod: "provided" };
  const flags = { onlyCategories: ["accessibility"], disableStorageReset: true, formFactor: "desktop", ...still };
  const screenEmulation = { mobile: false, width: 1440, height: 900, deviceScaleFactor: 1, disabled: false };
  const { lhr } = await lighthouse(core + path, { ...flags, screenEmulation }, undefined, page);
  const wrong = Object.values(lhr.audits).filter((audit) => audit.score === 0);
  const how = wrong.map(({ id }) => id).join(", ") || "desktop";
  say(`Lighthouse accessibility: ${path}`, goal.atLeast(100), "", [lhr.categories.accessibility.score * 100], how);
}

try {
  const page = await browser.newPage();
  await page.goto(`${core}/sign-in`);
  await page.waitForSelector("input[type=password]");
  const routes = await page.evaluate(() => Object.keys(window.__TSR_ROUTER__.routesByPath));
  for (const path of OPEN) await ask(page, path);
  await page.goto(`${core}/sign-in`);
  await page.waitForSelector("input[type=password]");
  await page.type("input[type=email]", email);
  await page.type("input[type=password]", password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("nav a[href='/contacts']");
  const inside = [...new Set(routes.map((path) => path.replace(/(.)\/$/, "$1")))];
  for (const path of inside.sort())
    if (![...OPEN, ...LINKS].includes(path) && !path.includes("$")) await ask(page, path);
} finally {
  await browser.close();
}
