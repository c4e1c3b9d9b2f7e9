/** An honest visit in both browsers, so that the refusals around it mean something; and row 34, its sudden end. */
import type { Tab, View } from "../support/browsers";
import { snippet } from "../support/sites";
import { admitted, expect, test } from "../support/test";
import { conditional, type Definition, definition, type Person, person } from "../support/visitor";

/** Answers what is on the screen as a person would: text by the keyboard, the rest by a press. */
async function answer(tab: Tab, frame: View, form: Definition, who: Person, yes: string): Promise<void> {
  for (const f of form.steps.flatMap((s) => s.fields)) {
    const kind = await frame.eval(
      ([key, value]) => {
        const control = document.getElementById(`f-${key}`);
        if (!control?.getClientRects().length) return "none";
        if (control instanceof HTMLSelectElement) {
          control.selectedIndex = 1;
          control.dispatchEvent(new InputEvent("input", { bubbles: true }));
          return "done";
        }
        if (control instanceof HTMLInputElement && control.type === "checkbox") {
          control.click();
          return "done";
        }
        if (control.matches("fieldset")) {
          const wanted = control.querySelector<HTMLInputElement>(`input[value="${value}"]`);
          (wanted ?? control.querySelector("input"))?.click();
          return "done";
        }
        control.focus();
        return "text";
      },
      [f.key, yes],
    );
    if (kind !== "text") continue;
    await frame.until((key) => document.activeElement?.id === `f-${key}`, f.key);
    await tab.type(f.type === "email" ? who.email : f.type === "phone" ? who.phone : `${who.first} ${who.last}`);
  }
}

async function fill(tab: Tab, frame: View, form: Definition, who: Person): Promise<void> {
  await frame.until(() => document.querySelector("button.pri"), null);
  await answer(tab, frame, form, who, "");
  await frame.eval(() => document.querySelector<HTMLElement>("button.pri")?.click(), null);
  const { cause, value, field } = conditional(form);
  await frame.until((key) => document.getElementById(`f-${key}`), cause);
  expect(await frame.eval((key) => document.getElementById(`f-${key}`), field)).toBeNull();
  await answer(tab, frame, form, who, value);
  await frame.until((key) => document.getElementById(`f-${key}`), field);
  // Faster than this and the form is taken for filled in by a program.
  await frame.until(() => performance.now() > 2500, null);
}

const send = (frame: View) => frame.eval(() => document.querySelector<HTMLElement>("button.pri")?.click(), null);

test("an honest visitor on an allowed website is thanked", async ({ tab, wire, sites, world, good }) => {
  const [client] = world.clients;
  const [api] = world.apis;
  const who = person();
  await tab.open(sites.put(good, snippet(client.widget)));
  const frame = await tab.frame(`${wire.origin}/w/`);
  await fill(tab, frame, await definition(api, client.form), who);
  await send(frame);
  const ref = await tab.until(() => told.find(([type]) => type === "form.submitted")?.[1].ref, null);
  expect(await frame.eval(() => !!document.querySelector(".done h2"), null)).toBe(true);
  const sent = await api.get<{ state: string; answers: object; context: object }>(`/v1/submissions/${ref}`);
  expect(sent).toMatchObject({ state: "received", context: { origin: good } });
  expect(Object.values(sent.answers)).toContain(who.email);
  await expect(world.apis[1].get(`/v1/submissions/${ref}`)).rejects.toMatchObject({ status: 404 });
  // Nothing that proves the visitor ever reached the page.
  expect(await tab.eval(() => JSON.stringify([heard, told]), null)).not.toMatch(/u1\.|token/);
});

test("row 34: the very next action after the website was taken off the list is refused", async ({
  tab,
  wire,
  sites,
  world,
}) => {
  const [client] = world.clients;
  const [api] = world.apis;
  const origin = sites.at("leaving.localhost");
  const entry = await api.allow(origin);
  await admitted(world.urls.edge, client.widget, origin);
  await tab.open(sites.put(origin, snippet(client.widget)));
  const frame = await tab.frame(`${wire.origin}/w/`);
  await fill(tab, frame, await definition(api, client.form), person());
  await wire.seen((e) => e.path === "/v1/session" && e.status === 200);
  await api.refuse(entry);
  await send(frame);
  const [asked] = await wire.seen((e) => e.path === "/v1/a/form");
  expect(asked).toMatchObject({ status: 403 });
  expect(JSON.parse(asked?.body ?? "")).toEqual({ code: "revoked" });
  expect(await tab.until(() => told.find(([type]) => type === "widget.error")?.[1].code, null)).toBe("revoked");
  expect(await tab.eval(() => document.querySelector(".fb")?.getClientRects().length, null)).toBe(1);
  expect(await frame.eval(() => document.querySelector(".shut")?.textContent, null)).toContain("not available");
});
