#!/usr/bin/env node
/** Packs what was built: the core serves `name.br` and `name.gz` to whoever can unpack them, and packs nothing itself. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("./dist/", import.meta.url));
/** Pictures and fonts of other kinds are packed in themselves. */
const TEXT = /\.(html|js|css|svg|json|webmanifest)$/;

/**
 * What the service worker keeps: every part of this build, the Latin letters, and what the document names. Other alphabets
 * are kept when somebody reads them.
 */
function kept() {
  const parts = readdirSync(`${dist}assets`).filter((name) => /\.(js|css)$/.test(name) || /latin-w/.test(name));
  return [
    ...parts.map((name) => `/assets/${name}`),
    "/brand.js",
    "/theme.js",
    "/trade.js",
    "/mark.svg",
    "/manifest.webmanifest",
  ].sort();
}

const files = kept();
const worker = readFileSync(`${dist}sw.js`, "utf8");
const hash = createHash("sha256")
  .update(worker)
  .update(readFileSync(`${dist}index.html`));
for (const file of files) hash.update(file).update(readFileSync(dist + file.slice(1)));
const build = { version: hash.digest("hex").slice(0, 16), files };
writeFileSync(`${dist}sw.js`, `const UPZ_BUILD=${JSON.stringify(build)};\n${worker}`);

for (const name of readdirSync(dist, { recursive: true })) {
  if (!TEXT.test(name) || name.startsWith(".")) continue;
  const bytes = readFileSync(dist + name);
  writeFileSync(`${dist}${name}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${dist}${name}.gz`, gzipSync(bytes, { level: 9 }));
}
