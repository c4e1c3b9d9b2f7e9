import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { check, evaluate, isDate } from "../src/engine";
import type { Answers, Form, Result } from "../src/types";

interface Vector {
  name: string;
  form: Form;
  answers: Answers;
  expect: Result;
}

const file = fileURLToPath(new URL("../../../tests/vectors/form_rules.json", import.meta.url));
const vectors: Vector[] = JSON.parse(readFileSync(file, "utf8"));

describe("shared vectors", () => {
  test.each(vectors.map((v) => [v.name, v] as const))("%s", (_, v) => {
    expect(check(v.form, v.answers)).toEqual(v.expect);
  });

  test("cover every code and operator", () => {
    const text = JSON.stringify(vectors);
    const codes = new Set(vectors.flatMap((v) => Object.values(v.expect.errors)));
    // "number" means not finite, which JSON cannot carry.
    for (const c of "required type too_short too_long email phone too_small too_large step date option too_many consent".split(
      " ",
    ))
      expect(codes, c).toContain(c);
    for (const op of "eq ne in contains gt gte lt lte empty filled".split(" ")) expect(text).toContain(`"op":"${op}"`);
    expect(new Set(vectors.map((v) => v.name)).size).toBe(vectors.length);
  });
});

test("a number that is not finite", () => {
  const form: Form = { version: 1, steps: [{ key: "s", fields: [{ key: "n", type: "number" }] }] };
  expect(check(form, { n: Number.NaN }).errors).toEqual({ n: "number" });
});

test("evaluation never mutates its input", () => {
  const v = vectors.at(-1);
  if (!v) throw new Error("no vectors");
  const before = JSON.stringify(v);
  evaluate(v.form, v.answers);
  expect(JSON.stringify(v)).toBe(before);
});

test("isDate agrees with the platform calendar", () => {
  for (const y of [1900, 1999, 2000, 2024, 2026, 2100])
    for (let m = 1; m <= 12; m++)
      for (let d = 1; d <= 31; d++) {
        const s = `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
        expect(isDate(s), s).toBe(new Date(Date.UTC(y, m - 1, d)).toISOString().startsWith(s));
      }
});

test("the command line speaks JSON lines", () => {
  const cli = fileURLToPath(new URL("../engine-cli.mjs", import.meta.url));
  const some = vectors.slice(0, 40);
  const input = some.map((v) => JSON.stringify({ form: v.form, answers: v.answers })).join("\n");
  const run = spawnSync(process.execPath, [cli], { input: `${input}\n{"form":1}\n`, encoding: "utf8" });
  const lines = run.stdout.trim().split("\n");
  expect(lines.slice(0, -1).map((l) => JSON.parse(l))).toEqual(some.map((v) => v.expect));
  expect(JSON.parse(lines.at(-1) ?? "")).toHaveProperty("error");
});
