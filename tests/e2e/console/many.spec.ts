/** A hundred thousand people. What it costs is told, not asserted: other work on the machine decides about that. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { enter, expect, test } from "../support/console";
import { founder, signedIn } from "../support/people";
import { Api, type Schema } from "../support/world";

const MANY = 100_000;

/** The database of the running world; only there can so many be made in seconds. */
function database(): string | undefined {
  const home = dirname(process.env.UPZENTO_E2E_WORLD ?? "");
  for (const name of ["upzento.toml", "running.json"]) {
    const file = join(home, name);
    const url = existsSync(file) && /postgres(?:ql)?:\/\/[^"\s]+/.exec(readFileSync(file, "utf8"))?.[0];
    if (url) return url;
  }
  return undefined;
}

const sql = (url: string, statement: string) =>
  execFileSync("psql", [url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement], { encoding: "utf8" }).trim();

test("a hundred thousand rows scroll, are walked by keyboard, and are found again on the way back", async ({
  page,
  at,
  world,
}) => {
  const url = database();
  test.skip(!url, "the world's database is not reachable from here");
  test.setTimeout(480_000);
  const person = await founder(world, "Thousand Kites");
  const tokens = await signedIn(person, world);
  const api = new Api(world.urls.core, tokens.access_token);
  await api.call<Schema<"Contact">>("POST", "/v1/contacts", { display_name: "Zacharias First" });
  // Schema and tenant share one id.
  const { tenant } = await api.get<Schema<"Me">>("/v1/me");
  const schema = `t_${tenant.id.slice("ten_".length)}`;
  sql(
    url as string,
    `set search_path to ${schema};
     insert into contacts (id, display_name, company_name, stage, tags, source, name_key, email, search, created_at, updated_at)
     select gen_random_uuid(), 'Person ' || lpad(n::text, 6, '0'), 'Company ' || n % 977, (array['new','contacted','qualified','won'])[1 + n % 4],
       case when n % 3 = 0 then array['VIP'] else '{}' end, 'seed', 'person ' || lpad(n::text, 6, '0'), 'p' || n || '@many.example',
       'person ' || lpad(n::text, 6, '0') || ' company ' || n % 977 || ' p' || n || '@many.example', now() - n * interval '1 second', now()
     from generate_series(1, ${MANY}) as n; analyze contacts;`,
  );
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, at, tokens, "/contacts?sort=name");
  const list = page.locator("[data-list]");
  await expect(page.getByRole("link", { name: "Person 000001" })).toBeVisible();

  // What the page's own thread works, without the time in which others had the processor.
  const meter = await page.context().newCDPSession(page);
  await meter.send("Performance.setTimeDomain" as never, { timeDomain: "threadTicks" } as never);
  await meter.send("Performance.enable");
  const worked = async () =>
    (await meter.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  const begun = await worked();
  // Two turns of the wheel in every frame, as far as there are rows.
  const frames = await list.evaluate(async (node) => {
    const times: number[] = [];
    let before = performance.now();
    for (let n = 0; n < 400; n++) {
      await new Promise((next) => requestAnimationFrame(next));
      const now = performance.now();
      times.push(now - before);
      before = now;
      node.scrollBy(0, 240);
    }
    return { times, top: node.scrollTop, drawn: document.querySelectorAll("[data-row]").length };
  });
  const own = (((await worked()) - begun) * 1000) / frames.times.length;
  const sorted = [...frames.times].sort((a, b) => a - b);
  const of = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);
  const slow = frames.times.filter((time) => time > 50).length;
  const said = `${frames.times.length} frames over ${Math.round(frames.top / 52)} rows: half under ${of(0.5)} ms, 95 of 100 under ${of(0.95)} ms, longest ${of(0.999)} ms, ${slow} above 50 ms; the page itself works ${own.toFixed(1)} ms for each`;
  test.info().annotations.push({ type: "figure", description: said });
  console.log(`  ${said}`);
  if (process.env.UPZENTO_FIGURES) expect(slow).toBe(0);
  // However many there are, only those on the screen exist.
  expect(frames.drawn).toBeLessThan(60);
  expect(frames.top).toBeGreaterThan(50_000);

  // By keyboard, on and into a person and back to the same row.
  const link = page.locator("[data-row] a").nth(12);
  const name = (await link.textContent()) ?? "";
  await link.focus();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(link).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("region", { name: "1 selected" })).toBeVisible();
  await page.keyboard.press("Escape");
  await link.focus();
  const left = await list.evaluate((node) => node.scrollTop);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { level: 2, name })).toBeHidden();
  await page.goBack();
  await expect(page.getByRole("link", { name })).toBeInViewport();
  expect(Math.abs((await list.evaluate((node) => node.scrollTop)) - left)).toBeLessThan(120);

  // Another order begins at its top, from the other end.
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await expect(page.getByRole("link", { name: "Zacharias First" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
});
