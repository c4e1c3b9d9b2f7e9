// @vitest-environment node
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test, vi } from "vitest";

const ENTRY = "chunk-of-drawings";
const folder = fileURLToPath(new URL("../../src/sky/", import.meta.url));

/** Gzip size in KiB of some pieces with all that they need; React, words and what every long list shares apart. One chunk of a build. */
async function size(pieces: readonly string[]): Promise<number> {
  // Otherwise the compiler writes what debuggers need.
  vi.stubEnv("NODE_ENV", "production");
  const entry = {
    name: ENTRY,
    enforce: "pre" as const,
    resolveId: (id: string) => (id.endsWith(ENTRY) ? `\0${ENTRY}` : null),
    load: (id: string) =>
      id === `\0${ENTRY}` ? pieces.map((piece) => `export * from "${folder}${piece}"`).join("\n") : null,
  };
  const result = (await build({
    configFile: false,
    logLevel: "silent",
    mode: "production",
    plugins: [entry],
    build: {
      write: false,
      target: "es2022",
      lib: { entry: ENTRY, formats: ["es"], fileName: "sky" },
      rolldownOptions: { external: [/^react/, /^lucide/, /^@\/ui\/rows/], output: { minify: true } },
    },
  })) as Rolldown.RolldownOutput[];
  const script = result.flatMap(({ output }) => output).find((file) => file.type === "chunk");
  return gzipSync(script?.type === "chunk" ? script.code : "", { level: 9 }).length / 1024;
}

const routes: [name: string, most: number, pieces: string[]][] = [
  ["every page", 6, ["Gravity/edges", "DayLine/DayLine"]],
  ["an overview", 10, ["Sky/Sky", "ActivityStrip/ActivityStrip"]],
  ["deals", 6, ["Deals/OrbitStrip", "Deals/PipelineSky", "Deals/DealBody"]],
  ["forms", 4, ["Trajectory/Trajectory", "Reticle/Reticle"]],
  ["a contact", 3, ["Timeline/Timeline"]],
  ["the platform", 4, ["Galaxy/Galaxy"]],
];

test.each(routes)("what %s draws stays within %i KiB", async (_, most, pieces) => {
  const found = await size(pieces);
  expect(found).toBeGreaterThan(0.5);
  expect(found).toBeLessThanOrEqual(most);
});
