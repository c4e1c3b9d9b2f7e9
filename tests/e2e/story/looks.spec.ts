/** How it looks and behaves where it lands: dark and light, right to left, narrow, by keyboard, under strict policies. */
import { frameOf } from "../support/raw";
import { LINK } from "../support/sites";
import { admitted, expect, shoot, test } from "../support/test";
import { definition, person, Visitor } from "../support/visitor";

const sizes = [
  { name: "wide", width: 1440, height: 1000 },
  { name: "phone", width: 390, height: 844 },
];

const page = (scheme: string, mode: string, widget: string, lang: string) => {
  const [paper, ink] = scheme === "dark" ? ["#11151b", "#e8ecf1"] : ["#f6f7f9", "#17202e"];
  const head = `<meta name="color-scheme" content="${scheme}"><style>
    :root { color-scheme: ${scheme}; font: 17px/1.6 system-ui, sans-serif; background: ${paper}; color: ${ink}; }
    body { margin: 0 auto; max-width: 720px; padding: 32px 20px; } a { color: inherit; }</style>`;
  const words =
    lang === "ar"
      ? ["اطلب موعدًا", "اكتب لنا وسنرد في اليوم نفسه.", "احجز على صفحتنا"]
      : ["Ask for an appointment", "Write to us and hear back the same day.", "Book on our own page"];
  const body = `<h1>${words[0]}</h1><p>${words[1]}</p>
    <div data-upz="${widget}" data-upz-mode="${mode}" data-upz-label="${words[0]}" data-upz-height="520" id="box"><a class="fb" href="/book">${words[2]}</a></div>
    <script>document.documentElement.lang = "${lang}"; document.documentElement.dir = "${lang === "ar" ? "rtl" : "ltr"}";</script>
    <script async src="EDGE/v1/loader.js" referrerpolicy="strict-origin"></script>`;
  return [body, head] as const;
};

for (const scheme of ["light", "dark"])
  for (const lang of ["en", "ar"])
    for (const { name, ...viewport } of sizes)
      test(`${scheme}, ${lang === "ar" ? "right to left" : "left to right"}, ${name}`, async ({
        page: tab,
        sites,
        world,
        good,
      }) => {
        const [client] = world.clients;
        await tab.setViewportSize(viewport);
        const [body, head] = page(scheme, "inline", client.widget, lang);
        await tab.goto(sites.put(good, body, {}, head));
        const visitor = new Visitor(tab, await definition(world.apis[0], client.form), person());
        await visitor.arrived();
        const html = visitor.frame.locator("html");
        await expect(html).toHaveAttribute("dir", lang === "ar" ? "rtl" : "ltr");
        await expect(html).toHaveAttribute("data-theme", scheme);
        // What is missing is said beside its field; then it is given, and the next step comes.
        await visitor.send.click();
        await expect(visitor.frame.locator("[aria-invalid=true]").first()).toBeVisible();
        await shoot(tab, `look-${scheme}-${lang}-${name}-errors`);
        await visitor.fill();
        await shoot(tab, `look-${scheme}-${lang}-${name}`);
        // Nothing is wider than the screen.
        expect(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        expect(await html.evaluate((h) => h.scrollWidth <= innerWidth)).toBe(true);
      });

for (const lang of ["en", "ar"])
  for (const { name, ...viewport } of sizes)
    test(`floating, dark, ${lang === "ar" ? "right to left" : "left to right"}, ${name}`, async ({
      page: tab,
      sites,
      world,
      good,
    }) => {
      const [client] = world.clients;
      await tab.setViewportSize(viewport);
      const [body, head] = page("dark", "float", client.widget, lang);
      await tab.goto(sites.put(good, body, {}, head));
      const button = tab.locator("button.l");
      await expect(button).toBeVisible();
      const box = await button.boundingBox();
      const centre = (box?.x ?? 0) + (box?.width ?? 0) / 2;
      expect(lang === "ar" ? centre < viewport.width / 2 : centre > viewport.width / 2).toBe(true);
      await button.click();
      const visitor = new Visitor(tab, await definition(world.apis[0], client.form), person());
      await visitor.arrived();
      await shoot(tab, `float-dark-${lang}-${name}`);
      await tab.keyboard.press("Escape");
      await expect(tab.locator("dialog")).toBeHidden();
      await expect(button).toBeFocused();
    });

test("the strictest policy a website can have is not broken, by keyboard alone", async ({ page: tab, world }) => {
  const broken: string[] = [];
  tab.on("console", (m) => {
    if (/content security policy|trusted ?type/i.test(m.text())) broken.push(m.text());
  });
  await tab.goto(`${world.urls.shop}/strict`);
  const visitor = new Visitor(tab, await definition(world.apis[0], world.clients[0].form), person());
  await visitor.arrived();
  await visitor.fill();
  await visitor.read();
  await visitor.send.focus();
  await tab.keyboard.press("Enter");
  await visitor.thanked();
  await expect(visitor.frame.locator("#top")).toBeFocused();
  expect(broken).toEqual([]);
});

test("a website that isolates itself shows the form once it is told so", async ({ page: tab, sites, world }) => {
  const [, api] = world.apis;
  const [, client] = world.clients;
  const origin = sites.at("isolated.localhost");
  const entry = await api.allow(origin);
  const isolated = (on: boolean) => api.call("PATCH", `/v1/widgets/${client.widget}`, { cross_origin_isolated: on });
  await admitted(world.urls.edge, client.widget, origin);
  const body = `<div id="box" data-upz="${client.widget}">${LINK}</div>
    <script async crossorigin="anonymous" src="${world.urls.edge}/v1/loader.js" referrerpolicy="strict-origin"></script>`;
  const address = sites.put(origin, body, {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
  });
  try {
    await isolated(true);
    await expect
      .poll(async () => {
        const answer = await frameOf(world.urls.edge, client.widget, origin);
        return answer.headers["cross-origin-embedder-policy"];
      })
      .toBe("require-corp");
    await tab.goto(address);
    await new Visitor(tab, await definition(api, client.form), person()).arrived();
  } finally {
    await isolated(false);
    await api.refuse(entry);
  }
});
