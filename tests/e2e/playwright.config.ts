import { defineConfig } from "@playwright/test";
import type { Options } from "./support/test";

/** Browsers are the distribution's: what people run, and nothing is downloaded. */
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig<object, Options>({
  globalSetup: "./stack.mjs",
  outputDir: "./results",
  // Two browsers beside a database and three programs are all that two cores carry.
  workers: 2,
  forbidOnly: !!process.env.CI,
  // Nothing may be lost to one slow second of a machine that carries all of it; what needed its second try is named
  // as flaky, and is a fault to be found.
  retries: process.env.CI ? 1 : 0,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    launchOptions: {
      executablePath: chromium,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    },
    trace: "off",
  },
  projects: [
    // One after another: they open and close the doors of the same website.
    { name: "story", testDir: "./story", workers: 1 },
    { name: "console", testDir: "./console", workers: 1 },
    { name: "quality", testDir: "./quality" },
    { name: "chromium", testDir: "./attacks", use: { engine: "chromium" } },
    { name: "firefox", testDir: "./attacks", use: { engine: "firefox" } },
  ],
});
