#!/usr/bin/env node
/** Packs what was built: the core serves `name.br` and `name.gz` to whoever can unpack them, and packs nothing itself. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("./dist/", import.meta.url));
/** Pictures and fonts of other kinds are packed in themselves. */
const TEXT = /\.(html|js|css|svg|json|webmanifest)$/;

for (const name of readdirSync(dist, { recursive: true })) {
  if (!TEXT.test(name) || name.startsWith(".")) continue;
  const bytes = readFileSync(dist + name);
  writeFileSync(`${dist}${name}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${dist}${name}.gz`, gzipSync(bytes, { level: 9 }));
}
