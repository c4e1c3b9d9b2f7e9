import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the programs listen while somebody works on the dashboard; `cargo xtask up` uses the same ports. */
const core = process.env.UPZENTO_CORE ?? "http://localhost:8080";

const proxy = { "/v1": { target: core, changeOrigin: true } };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy },
  // A build is looked at under the policy it is served with.
  preview: { proxy, headers: { "content-security-policy": policy } },
  build: {
    target: "es2022",
    assetsDir: "assets",
    // Fonts and pictures stay files of their own: a strict policy allows no data: addresses.
    assetsInlineLimit: 0,
    manifest: true,
  },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.{ts,tsx}", "src/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
  },
});
