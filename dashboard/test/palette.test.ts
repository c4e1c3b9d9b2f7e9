import type { QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { beforeEach, expect, test } from "vitest";
import type { Me } from "@/app/may";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { palette as clients } from "@/modules/clients/palette";
import { palette as everywhere } from "@/modules/palette/palette";
import type { Cx, Item, Part, Source } from "@/modules/palette/parts";
import { asked, near, queryOf } from "@/modules/palette/query";
import { recent, remember } from "@/modules/palette/recent";
import { palette as settings } from "@/modules/settings/palette";
import { SECTIONS } from "@/modules/settings/sections";
import { palette as team } from "@/modules/team/palette";

beforeEach(() => sessionStorage.clear());

const source = (id: string, prefix?: "@" | "#"): Source => ({
  id,
  group: id,
  ask: async () => [],
  ...(prefix && { prefix }),
});
const item = (label: string, also?: string): Item => ({ id: label, label, icon: null, ...(also && { also }) });
const all = [source("people", "@"), source("tags", "#"), source("forms")];

test("a sign in front narrows what is asked", () => {
  const ids = (typed: string) => asked(queryOf(typed), all).map(({ id }) => id);
  expect(ids("ada")).toEqual(["people", "tags", "forms"]);
  expect(ids("@ada")).toEqual(["people"]);
  expect(ids(" # vip")).toEqual(["tags"]);
  expect(ids(">ada")).toEqual([]);
  expect(ids("  ")).toEqual([]);
  expect(queryOf("x".repeat(300)).words.length).toBe(100);
});

test("pages and actions fit by their label and other words, without accents", () => {
  const parts = [{ pages: [item("Contacts")], actions: [item("Neuer Kontakt", "new contact"), item("Zürich")] }];
  expect(near(queryOf("cont"), parts)).toMatchObject({ pages: parts[0]?.pages, actions: [parts[0]?.actions[0]] });
  expect(near(queryOf(">zuri"), parts)).toMatchObject({ pages: [], actions: [parts[0]?.actions[1]] });
  expect(near(queryOf("@cont"), parts)).toMatchObject({ pages: [], actions: [] });
});

test("a page whose whole name was typed comes before everything, and is known as such", () => {
  const parts = [{ pages: [item("Won deals"), item("Deals")] }];
  const told = (typed: string) => {
    const { pages, named } = near(queryOf(typed), parts);
    return [pages.map(({ label }) => label), named];
  };
  expect(told(" deals")).toEqual([["Deals", "Won deals"], true]);
  expect(told("deal")).toEqual([["Won deals", "Deals"], false]);
  expect(told(">deals")).toEqual([[], false]);
});

test("the last places come first, each once, apart for each tenant", () => {
  for (const n of [1, 2, 3, 4, 5, 6, 7, 2]) remember("a", { id: `${n}`, label: `L${n}`, to: `/${n}` });
  expect(recent("a").map(({ id }) => id)).toEqual(["2", "7", "6", "5", "4", "3"]);
  expect(recent("b")).toEqual([]);
  sessionStorage.setItem("upz.draft.recent.b", "{");
  expect(recent("b")).toEqual([]);
});

const someone = (grants: Record<string, "all" | "own">, more: Partial<Me> = {}): Me =>
  ({
    tenant: { id: "ten_a", name: "Northlight", kind: "agency", home: "ten_a" },
    memberships: [],
    modules_off: [],
    grants,
    ...more,
  }) as Me;
const cx = (me: Me): Cx => ({ me, t: i18next.t, cache: {} as QueryClient, go: () => undefined });
const words = async () => {
  await startLanguage("en");
  await bring("shell", "settings", "team", "clients", "palette");
};
const actions = (part: Part) => part.actions?.map(({ id }) => id) ?? [];

test("every page of the settings is found by its name and by what stands on it, as far as the roles go", async () => {
  await words();
  const grants = Object.fromEntries(SECTIONS.flatMap(({ needs }) => (needs ? [[needs, "all" as const]] : [])));
  const whole = settings(cx(someone(grants)));
  expect(whole.pages?.map(({ to }) => to)).toEqual(SECTIONS.map(({ to }) => to));
  const pages = (typed: string, part = whole) => near(queryOf(typed), [part]).pages.map(({ to }) => to);
  expect(pages("webhook")).toContain("/settings/webhooks");
  expect(pages("api key")).toContain("/settings/api-keys");
  expect(pages("logo")).toEqual(["/settings/brand"]);
  expect(pages("domains")).toEqual(["/settings/domains"]);
  // There are many of them: who has typed nothing is shown the places of the rail.
  expect(pages("")).toEqual([]);
  expect(pages("webhook", settings(cx(someone({ "tenants.read": "all" }))))).toEqual([]);
});

test("somebody is invited, a client entered and another account worked in, by whoever may", async () => {
  await words();
  expect(team(cx(someone({ "identity.members.write": "all" }))).actions?.[0]?.to).toBe("/settings/team?invite=true");
  expect(actions(team(cx(someone({ "identity.members.read": "all" }))))).toEqual([]);

  const enters = someone({ "tenants.clients.read": "all", "identity.impersonate": "all" });
  const line = { id: "ten_b", label: "Kestrel", icon: null };
  expect(actions(clients(cx(enters)))).toEqual(["enter-client"]);
  expect(clients(cx(enters)).about?.(line)[0]?.to).toBe("/clients/ten_b?enter=true");
  expect(clients(cx(enters)).about?.({ ...line, id: "con_b" })).toEqual([]);
  expect(clients(cx(someone({ "tenants.clients.read": "all" }))).about?.(line)).toEqual([]);
  const inClient = someone(enters.grants as never, { tenant: { ...enters.tenant, kind: "client" } });
  expect(clients(cx(inClient)).about?.(line)).toEqual([]);

  const place = (n: number) => ({ tenant: `ten_${n}`, name: `Place ${n}`, kind: "client", state: "active" });
  const memberships = ["ten_a", 1, 2, 3, 4, 5, 6].map((n) =>
    typeof n === "string" ? { ...place(0), tenant: n } : place(n),
  ) as Me["memberships"];
  const part = everywhere(cx(someone({}, { memberships })));
  const switches = (typed: string) =>
    near(queryOf(typed), [part])
      .actions.map(({ id }) => id)
      .filter((id) => id.startsWith("switch:"));
  expect(switches("")).toEqual([1, 2, 3, 4].map((n) => `switch:ten_${n}`));
  expect(switches("place 6")).toEqual(["switch:ten_6"]);
});
