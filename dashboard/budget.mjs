#!/usr/bin/env node
/**
 * What a first visit downloads before it shows something: the entry, what it imports, its styles, and the page; and what
 * every part that comes on demand adds to that. The build fails above the budget.
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 192 * 1024;
/** For a page, a menu, a dialog: what it brings beside what the shell has brought already. */
const PART = 170 * 1024;
const VISITS = {
  "sign-in": ["index.html", "src/modules/auth/sign-in.tsx", "src/modules/auth/words/en.ts"],
  overview: [
    "index.html",
    "src/shell/shell.tsx",
    "src/shell/words/en.ts",
    "src/modules/home/page.tsx",
    "src/modules/home/words/en.ts",
  ],
};
const dist = new URL("./dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const sizes = new Map();
const sizeOf = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length);
  return sizes.get(file);
};

function filesOf(keys) {
  const files = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the build`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const next of chunk.imports ?? []) visit(next);
  };
  keys.forEach(visit);
  return [...files];
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1).padStart(6)} KiB`;
const sum = (files) => files.reduce((total, file) => total + sizeOf(file), 0);
let over = false;
for (const [name, keys] of Object.entries(VISITS)) {
  const files = filesOf(keys);
  const total = sum(files);
  console.log(`${kib(total)}  ${name}, of ${BUDGET / 1024}`);
  if (process.argv.includes("--files"))
    for (const file of files.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, 12))
      console.log(`  ${kib(sizeOf(file))}  ${file}`);
  over ||= total > BUDGET;
}
const here = new Set(filesOf(["index.html", "src/shell/shell.tsx"]));
const parts = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry && /\.tsx$/.test(key))
  .map((key) => {
    const words = key.replace(/^(src\/modules\/\w+)\/.*/, "$1/words/en.ts");
    const files = filesOf(manifest[words] && words !== key ? [key, words] : [key]);
    return { key, size: sum(files.filter((file) => !here.has(file))) };
  })
  .sort((a, b) => b.size - a.size);
const shown = process.argv.includes("--files") ? parts : parts.slice(0, 3);
for (const { key, size } of shown) console.log(`${kib(size)}  ${key}, of ${PART / 1024} on top`);
over ||= parts.some(({ size }) => size > PART);
if (over) {
  console.error("over budget");
  process.exit(1);
}
