/** The tokens keep their promise: any text on any ground, in both themes, under every hue that an agency may choose. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrast, distance, EYES, type Rgb, seenWithout, shown } from "./colour";

const css = readFileSync("src/tokens.css", "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
const block = (selector: RegExp) => selector.exec(css)?.[1] ?? "";
const THEMES = {
  dark: block(/:root,\s*\[data-theme="dark"\]\s*\{([^}]*)\}/),
  light: block(/(?:^|\})\s*\[data-theme="light"\]\s*\{([^}]*)\}/),
};

/** What a tenant may change; the deep shades of the house colour are another hue, those of a tenant's are not. */
interface Brand {
  hue: number;
  chroma: number;
}
const HOUSE: Brand = { hue: 228, chroma: 1 };
const drift = ({ hue }: Brand) => (hue === HOUSE.hue ? 16 : 0);

/** `0.5`, `var(--accent-h)`, `calc(a * b)`, `calc(a + b)`. */
function value(text: string, brand: Brand): number {
  const [, inner] = /^calc\((.*)\)$/.exec(text) ?? [];
  if (inner !== undefined) {
    const [left = "", sign, right = ""] = inner.split(/\s+([*+])\s+/);
    const [a, b] = [value(left, brand), value(right, brand)];
    return sign === "*" ? a * b : a + b;
  }
  const known = { "var(--accent-h)": brand.hue, "var(--accent-k)": brand.chroma, "var(--accent-d)": drift(brand) };
  return known[text as keyof typeof known] ?? Number(text);
}

/** A number, a variable, or a sum or product of them. */
const PART = /calc\((?:[^()]|\([^()]*\))*\)|var\([^)]*\)|[\d.]+/g;

/** Each token as text, and those that no brand changes as what is shown. */
const DECLARED = new Map(
  Object.values(THEMES).map((theme) => {
    const all = [...theme.matchAll(/--([\w-]+):\s*oklch\((.*)\);/g)].map(
      ([, name = "", inner = ""]) => [name, inner] as const,
    );
    const fixed = all
      .filter(([, inner]) => !inner.includes("var("))
      .map(([name, inner]) => [name, colour(inner, HOUSE)] as const);
    return [theme, { branded: all.filter(([, inner]) => inner.includes("var(")), fixed: new Map(fixed) }];
  }),
);

function colour(inner: string, brand: Brand): Rgb {
  const [l, c, h] = [...inner.matchAll(PART)].map(([part]) => value(part, brand));
  if (l === undefined || c === undefined || h === undefined || [l, c, h].some(Number.isNaN))
    throw new Error(`oklch(${inner}) is not understood`);
  return shown([l, c, h]);
}

function colours(theme: string, brand: Brand): Map<string, Rgb> {
  const declared = DECLARED.get(theme);
  const found = new Map(declared?.fixed);
  for (const [name, inner] of declared?.branded ?? []) found.set(name, colour(inner, brand));
  return found;
}

const GROUNDS = ["void", "sunken", "surface", "raised", "overlay", "hover", "selected"];
const TEXTS = ["ink", "ink-2", "muted", "accent-text", "success-text", "warning-text", "danger-text", "sun-text"];
const SKY = ["sky-0", "sky-1", "sky-2"];
const STATES = ["accent", "success", "warning", "danger", "sun"];
const cross = (texts: string[], grounds: string[]) => texts.flatMap((text) => grounds.map((on) => [text, on] as const));
const READ = [
  ...cross(TEXTS, GROUNDS),
  ...cross(["on-accent"], ["accent", "accent-hover"]),
  ...cross(["on-sun"], ["sun"]),
  ...cross(["on-danger"], ["danger"]),
  ...STATES.flatMap((state) => cross([`${state}-text`, "ink", "ink-2", "muted"], [`${state}-soft`])),
  ...cross(["sky-label", "ink", "ink-2"], SKY),
];
const SEEN = [
  ...cross(["control"], ["void", "sunken", "surface", "raised", "overlay"]),
  ...cross(["focus"], GROUNDS),
  ...cross(["accent", "success", "danger"], ["void", "surface", "raised"]),
  ...cross(
    [1, 2, 3, 4, 5, 6].map((n) => `chart-${n}`),
    ["surface", "raised"],
  ),
  ...cross(["star-ink"], SKY),
];
/** Pairs in which the accent has a part, or a ground made of it. */
const isBranded = (pair: readonly string[]) => pair.some((name) => /accent|selected/.test(name));

function weak(theme: string, brand: Brand, pairs: readonly (readonly [string, string])[], least: number): string[] {
  const known = colours(theme, brand);
  const of = (name: string): Rgb => {
    const found = known.get(name);
    if (!found) throw new Error(`there is no --${name}`);
    return found;
  };
  return pairs
    .map(([text, on]) => ({ text, on, ratio: contrast(of(text), of(on)) }))
    .filter(({ ratio }) => ratio < least)
    .map(({ text, on, ratio }) => `${text} on ${on}: ${ratio.toFixed(2)}`);
}

describe.each(Object.entries(THEMES))("%s", (_, theme) => {
  test("every text can be read on every ground", () => expect(weak(theme, HOUSE, READ, 4.5)).toEqual([]));

  test("edges, focus, fills, charts and stars can be seen", () => expect(weak(theme, HOUSE, SEEN, 3)).toEqual([]));

  test("every hue and strength that an agency may choose keeps that", () => {
    const wrong: string[] = [];
    for (const chroma of [0, 0.5, 1, 1.2])
      for (let hue = 0; hue < 360; hue += 2) {
        const brand = { hue, chroma };
        const weakest = [
          ...weak(theme, brand, READ.filter(isBranded), 4.5),
          ...weak(theme, brand, SEEN.filter(isBranded), 3),
        ];
        wrong.push(...weakest.map((pair) => `hue ${hue}, chroma ${chroma}: ${pair}`));
      }
    expect(wrong).toEqual([]);
  }, 30_000);

  test("six series of a chart look different to everybody", () => {
    const known = colours(theme, HOUSE);
    const series = [1, 2, 3, 4, 5, 6].map((n) => known.get(`chart-${n}`) as Rgb);
    for (const eyes of EYES)
      for (const [n, one] of series.entries())
        for (const other of series.slice(n + 1))
          expect(distance(seenWithout(eyes, one), seenWithout(eyes, other)), eyes).toBeGreaterThan(11);
  });
});
