import { chromium } from "@playwright/test";
const core = "http://localhost:12080";
const out = "/tmp/shots"; (await import("node:fs")).mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu"] });
const who = { client: "priya@kestrel.example", agency: "ines@northlight.example" };
const only = process.argv.slice(2);
async function token(email) {
  const ctx = await browser.newContext();
  return ctx;
}
for (const theme of ["dark", "light"]) for (const [w, h] of [[1440, 900], [390, 844]]) {
  for (const [role, email] of Object.entries(who)) {
    const ctx = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: theme, serviceWorkers: "block", deviceScaleFactor: 1, hasTouch: w < 500, isMobile: w < 500 });
    const page = await ctx.newPage();
    const shot = async (name) => { if (only.length && !only.includes(name)) return; await page.waitForTimeout(1800); await page.screenshot({ path: `${out}/${name}-${theme}-${w}.png` }); };
    await page.goto(core + "/sign-in");
    if (role === "client") await shot("login");
    await page.getByLabel("Work email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("northern lights over kestrel");
    await page.keyboard.press("Enter");
    await page.waitForURL((u) => !u.pathname.includes("sign-in"));
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    if (role === "agency") { await shot("agency"); await page.goto(core + "/clients"); await shot("clients"); await ctx.close(); continue; }
    await shot("overview");
    await page.goto(core + "/contacts"); await page.getByRole("row").nth(3).waitFor().catch(() => 0); await shot("contacts");
    const href = await page.getByRole("row").nth(4).getByRole("link").first().getAttribute("href").catch(() => null);
    if (href) { await page.goto(core + href); await shot("contact"); }
    await page.goto(core + "/deals"); await shot("deals");
    await page.goto(core + "/forms"); await shot("formlist");
    const f = await page.locator("a[href^='/forms/']").first().getAttribute("href").catch(() => null);
    if (f) { await page.goto(core + f); await shot("forms"); }
    await page.goto(core + "/tasks"); await shot("tasks");
    await page.goto(core + "/companies"); await shot("companies");
    await ctx.close();
  }
}
await browser.close();
