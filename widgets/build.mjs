#!/usr/bin/env node
/**
 * Builds everything the edge serves into dist/. Same input, same bytes.
 *
 * dist/manifest.json, read by the edge when it starts (paths are relative to dist/):
 *   {
 *     "version": "0.1.0",             package version, the <ver> of /v1/loader@<ver>.js
 *     "build": "3f9c…",               hash over every file below; frames carry it as "build"
 *     "loader": "loader.js",          serve as /v1/loader.js (short cache) …
 *     "loader_pinned": "loader@0.1.0.js", … and as /v1/loader@0.1.0.js (immutable); same bytes
 *     "loader_sri": "sha384-…", "loader_bytes": n, "loader_brotli": n,
 *     "widgets": { "form": {
 *       "js": "assets/form.<hash>.js",   <script src="/v1/assets/form.<hash>.js" type="module"></script>
 *       "css": "assets/form.<hash>.css", <link rel="stylesheet" href="/v1/assets/form.<hash>.css">
 *       "strings": { "ar": "assets/form.ar.<hash>.json" },  fetched by the script; English is built in
 *       "brotli": n                      js + css, the budgeted size
 *     } }
 *   }
 * Every file also exists as <file>.br (brotli 11) and <file>.gz; files under assets/ never change under
 * their name. The frame's body may be empty: the script makes its own root, or uses <div id="app">.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here("./dist/");
const { version } = JSON.parse(readFileSync(here("./package.json"), "utf8"));

/** Most bytes a visitor may download, brotli 11. */
export const BUDGET = { loader: 4000, form: 18 * 1024 };

const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 12);
export const brotli = (data) =>
  brotliCompressSync(data, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    },
  });

const written = [];
function write(file, data) {
  const bytes = Buffer.from(data);
  const small = brotli(bytes);
  writeFileSync(dist + file, bytes);
  writeFileSync(`${dist + file}.br`, small);
  writeFileSync(`${dist + file}.gz`, gzipSync(bytes, { level: 9 }));
  written.push(`${file}:${createHash("sha256").update(bytes).digest("hex")}`);
  return { file, bytes: bytes.length, brotli: small.length };
}

async function script(entry, define = {}) {
  const out = await build({
    entryPoints: [here(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"', ...define },
    tsconfigRaw: { compilerOptions: { alwaysStrict: false, jsx: "react-jsx", jsxImportSource: "preact" } },
    logLevel: "error",
  });
  return Buffer.from(out.outputFiles[0].contents);
}

const styles = async (file) =>
  (await transform(readFileSync(here(file), "utf8"), { loader: "css", minify: true, target: "es2022" })).code.trim();

rmSync(dist, { recursive: true, force: true });
mkdirSync(`${dist}assets`, { recursive: true });

const code = await script("./loader/src/main.ts");
const loader = write("loader.js", code);
write(`loader@${version}.js`, code);

const strings = {};
for (const name of readdirSync(here("./form/src/strings"))) {
  const lang = name.replace(".json", "");
  // English is the fallback and lives inside the script.
  if (lang === "en") continue;
  const text = JSON.stringify(JSON.parse(readFileSync(here(`./form/src/strings/${name}`), "utf8")));
  strings[lang] = write(`assets/form.${lang}.${hash(text)}.json`, text).file;
}
const formJs = await script("./form/src/main.tsx", { STRINGS: JSON.stringify(strings) });
const formCss = await styles("./form/src/style.css");
const js = write(`assets/form.${hash(formJs)}.js`, formJs);
const css = write(`assets/form.${hash(formCss)}.css`, formCss);

const manifest = {
  version,
  build: hash(written.sort().join("\n")),
  loader: loader.file,
  loader_pinned: `loader@${version}.js`,
  loader_sri: `sha384-${createHash("sha384").update(code).digest("base64")}`,
  loader_bytes: loader.bytes,
  loader_brotli: loader.brotli,
  widgets: {
    form: {
      js: js.file,
      css: css.file,
      strings,
      brotli: js.brotli + css.brotli,
    },
  },
};
writeFileSync(`${dist}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);

console.log(`loader ${loader.brotli} B, form ${manifest.widgets.form.brotli} B (brotli), build ${manifest.build}`);
if (loader.brotli > BUDGET.loader || manifest.widgets.form.brotli > BUDGET.form) {
  console.error("over budget", BUDGET);
  process.exit(1);
}
