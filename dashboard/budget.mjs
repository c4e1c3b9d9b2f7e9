#!/usr/bin/env node
/**
 * What a first visit downloads before it shows something: the entry, what it imports, its styles, and the page. The
 * build fails above the budget.
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 200 * 1024;
const VISITS = {
  "sign-in": ["index.html", "src/modules/auth/sign-in.tsx", "src/modules/auth/words/en.ts"],
  overview: [
    "index.html",
    "src/shell/shell.tsx",
    "src/modules/home/page.tsx",
    ...["home", "clients", "contacts"].map((module) => `src/modules/${module}/words/en.ts`),
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
let over = false;
for (const [name, keys] of Object.entries(VISITS)) {
  const files = filesOf(keys);
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0);
  console.log(`${kib(total)}  ${name}, of ${BUDGET / 1024}`);
  if (process.argv.includes("--files"))
    for (const file of files.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, 12))
      console.log(`  ${kib(sizeOf(file))}  ${file}`);
  over ||= total > BUDGET;
}
if (over) {
  console.error("over budget");
  process.exit(1);
}
