#!/usr/bin/env node
/**
 * Draws the app icons of `public/icons` from the brand's drawings. Run it when a drawing changes, and commit what it
 * makes: `CHROMIUM=/usr/bin/chromium node dashboard/icons.mjs`.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const here = (name) => fileURLToPath(new URL(`./public/${name}`, import.meta.url));
const icon = readFileSync(here("app-icon.svg"), "utf8");
// A maskable icon fills its square, and what matters stays within the middle 80 %.
const square = icon.replaceAll('rx="116"', "").replace("translate(80 86) scale(11)", "translate(114 118) scale(8.9)");
const mono = readFileSync(here("mark-mono.svg"), "utf8").replaceAll("currentColor", "#fff");

const ICONS = [
  ["app-192", 192, icon],
  ["app-512", 512, icon],
  ["maskable-192", 192, square],
  ["maskable-512", 512, square],
  ["touch-180", 180, square],
  ["mono-512", 512, `<div style="padding:96px">${mono}</div>`],
  ["badge-96", 96, `<div style="padding:8px">${mono}</div>`],
];

mkdirSync(here("icons"), { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
for (const [name, size, drawing] of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0;box-sizing:border-box}svg{display:block;width:100%}</style>${drawing}`);
  await page.screenshot({ path: here(`icons/${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
