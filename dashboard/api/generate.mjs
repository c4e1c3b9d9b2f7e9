#!/usr/bin/env node
/**
 * Types of both APIs from the committed documents, which `cargo xtask openapi` compares with the programs.
 * They are written before every build, check and test, so they cannot be stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = (path) => new URL(path, import.meta.url);
mkdirSync(here("./generated/"), { recursive: true });
for (const [document, name] of [
  ["openapi.json", "core"],
  ["admin-openapi.json", "admin"],
]) {
  const types = astToString(await openapiTS(here(`../../tests/${document}`), { defaultNonNullable: false }));
  const file = fileURLToPath(here(`./generated/${name}.ts`));
  const text = `// Generated from tests/${document}.\n${types}`;
  let before = "";
  try {
    before = readFileSync(file, "utf8");
  } catch {}
  // Unchanged files keep their time, so watchers stay quiet.
  if (before !== text) writeFileSync(file, text);
}
