import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { manifest } from "./edge";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

test("the loader and the form stay within what a visitor should have to download", () => {
  expect(readFileSync(`${dist}loader.js.br`).length).toBeLessThanOrEqual(4000);
  const { js, css } = manifest.widgets.form;
  // 600 bytes stand for the frame's own HTML around the configuration.
  const total = readFileSync(`${dist}${js}.br`).length + readFileSync(`${dist}${css}.br`).length + 600;
  expect(total).toBeLessThanOrEqual(18 * 1024);
});

test("compressed copies hold the same bytes, and every file the manifest names exists", () => {
  const files = [...readdirSync(dist), ...readdirSync(`${dist}assets`).map((f) => `assets/${f}`)];
  const plain = files.filter((f) => /\.(js|css|json)$/.test(f) && f !== "manifest.json");
  expect(plain.length).toBeGreaterThanOrEqual(5);
  for (const f of plain) {
    const bytes = readFileSync(dist + f);
    expect(brotliDecompressSync(readFileSync(`${dist + f}.br`)).equals(bytes), f).toBe(true);
    expect(gunzipSync(readFileSync(`${dist + f}.gz`)).equals(bytes), f).toBe(true);
  }
  const { form } = manifest.widgets;
  expect(plain).toEqual(
    expect.arrayContaining([manifest.loader, manifest.loader_pinned, form.js, form.css, form.strings.ar]),
  );
});

test("nothing built turns text into markup or code", () => {
  const code = readFileSync(`${dist}loader.js`, "utf8");
  expect(code).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage\([^)]*"\*"/);
});

test("every language has every word", () => {
  const at = (l: string) =>
    JSON.parse(readFileSync(fileURLToPath(new URL(`../form/src/strings/${l}.json`, import.meta.url)), "utf8"));
  const en = at("en");
  const ar = at("ar");
  expect(Object.keys(ar).sort()).toEqual(Object.keys(en).sort());
  const holes = (s: string) => [...s.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const k in en) expect(holes(ar[k]), k).toEqual(holes(en[k]));
});
