import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import type { Options } from "./support/test";

/** Browsers are the distribution's: what people run, and nothing is downloaded. */
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** The same without the windows of a browser around its pages, which cost a sixth of all time. */
const shell = "/usr/bin/chromium-headless-shell";
const pages = process.env.CHROMIUM ?? (existsSync(shell) ? shell : chromium);
/** What needs those windows: messages while no page is open, several tabs. */
const WINDOWS = /(pwa|tabs)\.spec\.ts/;

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--host-resolver-rules=MAP *.agency.test 127.0.0.1",
];
const inPages = { launchOptions: { executablePath: pages, args } };

export default defineConfig<object, Options>({
  globalSetup: "./stack.mjs",
  outputDir: "./results",
  // Two browsers beside a database and three programs are all that two cores carry.
  workers: 2,
  forbidOnly: !!process.env.CI,
  // Nothing may be lost to one slow second of a machine that carries all of it; what needed its second try is named
  // at the end, and is a fault to be found. More than a few are no bad luck any more: they fail the run.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["./support/flaky.ts"]],
  use: {
    launchOptions: { executablePath: chromium, args },
    trace: "off",
  },
  // The longest files first, so that no worker is left alone with one of them at the end.
  projects: [
    { name: "quality", testDir: "./quality", use: inPages },
    // One after another: they open and close the doors of the same website.
    { name: "story", testDir: "./story", workers: 1 },
    // Each test has an agency of its own.
    { name: "console", testDir: "./console", testIgnore: WINDOWS, use: inPages },
    { name: "windows", testDir: "./console", testMatch: WINDOWS },
    { name: "chromium", testDir: "./attacks", use: { engine: "chromium" } },
    { name: "firefox", testDir: "./attacks", use: { engine: "firefox" } },
  ],
});
