/** The console as an installed program: it can be installed, starts without a network, and goes over to a newer build. */
import { createHash } from "node:crypto";
import { createServer, request as ask, type Server } from "node:http";
import { enter, expect, fits, shoot, test } from "../support/console";
import { founder, signedIn } from "../support/people";

/** Until the worker of this page keeps everything. */
const kept = (page: import("@playwright/test").Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  });

test("it can be installed", async ({ page, at }) => {
  await page.goto(`${at}/sign-in`);
  await expect(page.getByLabel("Work email")).toBeVisible();
  await kept(page);
  const cdp = await page.context().newCDPSession(page);
  const { errors, data } = await cdp.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? "{}")).toMatchObject({ id: "/", display: "standalone", start_url: "/" });
  const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
  // A window without a name of its own cannot be installed from; that is the test's window, not the console.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  for (const { src } of JSON.parse(data ?? "{}").icons) {
    const icon = await page.request.get(at + src);
    expect(icon.headers()["content-type"], src).toMatch(/^image\//);
  }
  const worker = await page.request.get(`${at}/sw.js`);
  expect(worker.headers()).toMatchObject({
    "cache-control": "no-cache",
    "content-type": "text/javascript; charset=utf-8",
  });
});

test.describe("without a network", () => {
  for (const [name, look] of Object.entries({
    "wide-dark": { colorScheme: "dark", viewport: { width: 1440, height: 900 } },
    "phone-light": { colorScheme: "light", viewport: { width: 390, height: 844 } },
  } as const))
    test.describe(name, () => {
      test.use(look);

      test("it starts, shows nobody's data, and goes on by itself", async ({ page, at, world, context }) => {
        const person = await founder(world, "Comet Lanterns");
        await enter(page, at, await signedIn(person, world), "/contacts");
        await expect(page.getByText("No contacts yet")).toBeVisible();
        await kept(page);
        // Whatever the worker keeps is of the build, never of a person.
        const names = await page.evaluate(async () => {
          const all = await Promise.all((await caches.keys()).map(async (key) => (await caches.open(key)).keys()));
          return all.flat().map(({ url }) => new URL(url).pathname);
        });
        expect(names.length).toBeGreaterThan(20);
        expect(names.filter((path) => path.startsWith("/v1/"))).toEqual([]);

        await context.setOffline(true);
        await page.reload();
        await expect(page.getByRole("heading", { level: 1, name: "You are offline" })).toBeVisible();
        await expect(page.locator("html")).toHaveAttribute("data-theme", look.colorScheme);
        await expect(page.getByText("Comet Lanterns")).toBeHidden();
        await fits(page);
        await shoot(page, `pwa-offline-${name}`);

        await context.setOffline(false);
        await expect(page.getByText("No contacts yet")).toBeVisible();
        await expect(page).toHaveURL(/\/contacts$/);
      });
    });
});

test("the network goes while somebody works: the page stays and says so", async ({ page, at, world, context }) => {
  const person = await founder(world, "Comet Ferries");
  await enter(page, at, await signedIn(person, world));
  await expect(page.getByText(/^Good /)).toBeVisible();
  await kept(page);
  await context.setOffline(true);
  await expect(page.getByText("You are offline. What you see may be old")).toBeVisible();
  // Parts that were never opened come from what the worker keeps.
  await page.getByRole("link", { name: "Contacts", exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("No contacts yet")).toBeVisible();
});

/** The core behind a door that can hand out a newer worker. */
async function door(core: string): Promise<{ at: string; newer(): void; close(): Promise<void> }> {
  let build = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(core);
    const onward = ask(
      {
        hostname,
        port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, "accept-encoding": "identity" },
      },
      (answer) => {
        if (incoming.url !== "/sw.js") {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
          return;
        }
        const parts: Buffer[] = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          const version = createHash("sha256").update(`${build}`).digest("hex").slice(0, 16);
          const { "content-length": _, etag: __, ...headers } = answer.headers;
          outgoing.writeHead(200, headers);
          outgoing.end(text.replace(/"version":"[0-9a-f]+"/, `"version":"${version}"`));
        });
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    at: `http://localhost:${port}`,
    newer: () => void build++,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

test("a newer build waits until somebody wants it", async ({ page, at, world }) => {
  const front = await door(at);
  try {
    const person = await founder(world, "Comet Presses");
    await enter(page, front.at, await signedIn(person, world));
    await expect(page.getByText(/^Good /)).toBeVisible();
    await kept(page);
    front.newer();
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect(page.getByText("A new version is ready.")).toBeVisible();
    await shoot(page, "pwa-new-version");
    const before = await page.evaluate(() => performance.timeOrigin);
    await page.getByRole("button", { name: "Reload" }).click();
    await expect.poll(() => page.evaluate(() => performance.timeOrigin).catch(() => before)).not.toBe(before);
    await expect(page.getByText(/^Good /)).toBeVisible();
    await expect(page.getByText("A new version is ready.")).toBeHidden();
    // The build before stays for tabs that still run it; older ones go.
    expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(2);
  } finally {
    await front.close();
  }
});

test.describe("told by push", () => {
  test.use({ permissions: ["notifications"] });

  test("a message is shown, and pressing it leads to its page", async ({ page, at, world, context }) => {
    const person = await founder(world, "Comet Signals");
    const tokens = await signedIn(person, world);
    await enter(page, at, tokens);
    await expect(page.getByText(/^Good /)).toBeVisible();
    await kept(page);
    const cdp = await context.newCDPSession(page);
    const found = new Promise<string>((resolve) =>
      cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        if (registrations[0]) resolve(registrations[0].registrationId);
      }),
    );
    await cdp.send("ServiceWorker.enable");
    const registrationId = await found;
    const told = {
      id: "ntf_1",
      title: "New submission: Contact",
      body: "Comet Signals",
      link: "/contacts",
      tenant: tokens.tenant,
      critical: false,
    };
    const deliver = () =>
      cdp.send("ServiceWorker.deliverPushMessage", { origin: at, registrationId, data: JSON.stringify(told) });
    const [worker] = context.serviceWorkers();
    const shown = () =>
      worker?.evaluate(async () => {
        const { registration } = self as unknown as { registration: ServiceWorkerRegistration };
        return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
      });
    // Whoever looks at the console sees it there, and is told nothing else.
    await deliver();
    // Nobody looks at the console.
    await page.goto(world.urls.mail);
    await deliver();
    await expect.poll(shown).toEqual([{ title: told.title, body: told.body, tag: told.id }]);
    // The same again is no second one.
    await deliver();
    await expect.poll(shown).toHaveLength(1);
    await page.goto(at);
    await expect(page.getByText(/^Good /)).toBeVisible();
    // What the worker says to the window when somebody presses it.
    await worker?.evaluate(
      (open) => {
        const scope = self as unknown as { clients: { matchAll(): Promise<{ postMessage(data: unknown): void }[]> } };
        return scope.clients.matchAll().then((all) => {
          for (const window of all) window.postMessage({ open });
        });
      },
      { tenant: told.tenant, to: told.link },
    );
    await expect(page).toHaveURL(/\/contacts$/);
    await expect(page.getByText("No contacts yet")).toBeVisible();
  });
});
