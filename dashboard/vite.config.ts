import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where the programs listen while somebody works on the dashboard; `cargo xtask up` uses the same ports. */
const core = process.env.UPZENTO_CORE ?? "http://localhost:8080";

const proxy = { "/v1": { target: core, changeOrigin: true } };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const BASE =
  "react|react-dom|scheduler|i18next|react-i18next|clsx|openapi-fetch|" +
  "@tanstack/(history|router-core|react-router|query-core|react-query|store|react-store)";
/** What of it lists and changes need, which come after a first paint. */
const LISTS =
  "@tanstack/.*/(useQueries|queriesObserver|useInfiniteQuery|infiniteQueryObserver|useMutation|mutationObserver|useBlocker)\\.js";
const OWN =
  "src/api/(client|problem|queries)\\.ts|src/i18n/(index|words|problems|en|format)\\.ts|" +
  "src/app/(theme|title|store|display)\\.ts|src/ui/(button|link|states|mark)\\.tsx";

/**
 * `src/app/early.ts` as a script of its own, before the program: a module runs only when all that it imports has come, and
 * the session is to be asked for while the rest is still on its way.
 */
function early(): Plugin {
  let building = false;
  return {
    name: "early",
    configResolved: ({ command }) => {
      building = command === "build";
    },
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find(
          (one) => one.type === "chunk" && one.isEntry && one.name === "early",
        );
        if (building && !chunk) throw new Error("src/app/early.ts was not built");
        const src = chunk ? `/${chunk.fileName}` : "/src/app/early.ts";
        return [{ tag: "script", attrs: { type: "module", async: true, src }, injectTo: "head-prepend" }];
      },
    },
  };
}

export default defineConfig({
  plugins: [early(), react({ exclude: [/node_modules/, /widgets\//] }), tailwindcss()],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // The visitor's form itself: what is drawn on the canvas and in the preview is what websites show.
      "@widget": fileURLToPath(new URL("../widgets/form/src", import.meta.url)),
      // What the server says of news on devices and in mails: the console says the same.
      "@notices": fileURLToPath(new URL("../core/notifications/words/notices", import.meta.url)),
    },
  },
  worker: { format: "es" },
  server: { proxy },
  // A build is looked at under the policy it is served with.
  preview: { proxy, headers: { "content-security-policy": policy } },
  build: {
    target: "es2022",
    // Of browsers that Tailwind writes for; others would only get each colour twice.
    cssTarget: ["chrome120", "firefox128", "safari16.4"],
    assetsDir: "assets",
    // Fonts and pictures stay files of their own: a strict policy allows no data: addresses.
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      input: { index: "index.html", early: "src/app/early.ts", sw: "worker/sw.ts" },
      output: {
        // The service worker's address stays, and it stands above everything it keeps.
        codeSplitting: {
          groups: [
            {
              // What `early` needs, and nothing that it does not.
              name: "session",
              test: /src\/api\/(session|visit)\.ts|src\/app\/where\.ts/,
              priority: 5,
            },
            {
              // What every page needs stands together: it packs better than in twenty pieces.
              name: "base",
              test: new RegExp(`node_modules/(?!${LISTS})(${BASE})/|${OWN}`),
              priority: 4,
            },
            {
              // What the first line of the program needs besides; it is not to bring the frame with it. The router stays in the
              // entry: it waits for the pages of the administration, and these need what is here.
              name: "start",
              test: new RegExp(
                "src/app/(idle|routes|soon|page-failed|not-found)\\.tsx?|src/modules/(?!admin/)\\w+/routes\\.ts|src/ui/(input-look|size|countdown)\\.ts|" +
                  "lucide-react/dist/esm/(\\w+\\.mjs|shared/|icons/(sun-moon|eye|eye-off|circle-check|circle-exclamation-point|chevron-down|mail)\\.mjs)",
              ),
              priority: 3,
            },
            { name: "lists", test: new RegExp(LISTS), priority: 3 },
            {
              // What every form is made of.
              name: "form",
              test: /node_modules\/(react-hook-form|@hookform)\/|src\/ui\/(form|field)\.tsx/,
              priority: 3,
            },
            {
              // What stands before the sign-in, and above a page whose session has ended.
              name: "door",
              test: /src\/modules\/auth\/(frame|parts|steps|passkey|credentials)\.tsx?|src\/api\/passkeys\.ts|lucide-react\/dist\/esm\/icons\/(languages|fingerprint-pattern)\.mjs/,
              priority: 3,
            },
            {
              // Around every page behind the sign-in: one file, not one for each sign on a button.
              name: "frame",
              test: /src\/shell\/(shell|page)\.tsx/,
              priority: 2,
            },
            {
              // The day: below the first paint's headline, and what an overview begins with.
              name: "day",
              test: /src\/sky\/(DayLine\/|base\/(time|useMinute)\.ts)|src\/modules\/home\/data\.ts/,
              priority: 1,
            },
            {
              // What several pages are made of.
              name: "pieces",
              test: /node_modules\/lucide-react\/|src\/ui\/(?!\w+-parts|form|field|confirm|switch|toasts|secret|copy|sorted)/,
              minShareCount: 4,
              priority: 1,
            },
          ],
        },
        // Hundreds of names stand in the entry: their hashes are enough, and seven letters of them.
        chunkFileNames: "assets/[hash:7].js",
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.{ts,tsx}", "src/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
  },
});
