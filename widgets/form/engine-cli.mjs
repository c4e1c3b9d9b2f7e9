#!/usr/bin/env node
/**
 * The browser's form engine on the command line, for comparing it with the server's twin.
 * Reads JSON lines {"form":…,"answers":…} and prints one JSON line each: the result
 * {"visible","required","path","errors","stored"}, or {"error"} when a line cannot be evaluated.
 * Compiles src/engine.ts when started, so it can never be older than the source.
 */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const out = await build({
  entryPoints: [fileURLToPath(new URL("./src/engine.ts", import.meta.url))],
  bundle: true,
  format: "esm",
  target: "es2022",
  write: false,
  logLevel: "error",
});
const { check } = await import(
  `data:text/javascript;base64,${Buffer.from(out.outputFiles[0].contents).toString("base64")}`
);

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (!line.trim()) continue;
  let answer;
  try {
    const { form, answers } = JSON.parse(line);
    answer = check(form, answers);
  } catch (e) {
    answer = { error: String(e) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
