/** A visitor who fills in whatever form a frame shows, by its definition and with a person's care. */
import { randomBytes } from "node:crypto";
import { expect, type FrameLocator, type Page } from "@playwright/test";
import type { Api } from "./world";

interface Field {
  key: string;
  type: string;
  label?: string;
  hidden?: boolean;
  options?: { value: string; label: string }[];
  maps_to?: string;
  min?: number;
  required?: boolean;
}
interface Condition {
  all?: Condition[];
  any?: Condition[];
  field?: string;
  op?: string;
  value?: unknown;
}
export interface Definition {
  title?: string;
  steps: { key: string; fields: Field[] }[];
  rules?: { when: Condition; then: { action: string; target: string }[] }[];
  outcome?: { kind: string; title?: string };
}

export interface Person {
  first: string;
  last: string;
  email: string;
  phone: string;
}

/** Somebody new. */
export function person(): Person {
  const n = randomBytes(4).readUInt32BE();
  return {
    first: "Ada",
    last: `Lovelace-${n.toString(36)}`,
    email: `ada.${n.toString(36)}@example.com`,
    phone: `+44 20 7946 0${`${n % 1000}`.padStart(3, "0")}`,
  };
}

export const definition = async (api: Api, form: string): Promise<Definition> =>
  (await api.get<{ draft: Definition }>(`/v1/forms/${form}`)).draft;

const leaf = (when: Condition): Condition => {
  const inner = when.all?.[0] ?? when.any?.[0];
  return inner ? leaf(inner) : when;
};

/** The field that an answer brings out, and the answer that does. */
export function conditional(form: Definition): { cause: string; value: string; field: string } {
  for (const rule of form.rules ?? []) {
    const show = rule.then.find((a) => a.action === "show");
    const when = leaf(rule.when);
    if (!show || !when.field) continue;
    const value = Array.isArray(when.value) ? when.value[0] : when.value;
    return { cause: when.field, value: `${value}`, field: show.target };
  }
  throw new Error("the form has no conditional field");
}

const PICKED = ["select", "radio", "multi", "rating", "checkbox", "consent"];

export class Visitor {
  readonly frame: FrameLocator;

  constructor(
    readonly page: Page,
    readonly form: Definition,
    readonly who: Person,
  ) {
    this.frame = page.frameLocator('iframe[src*="/w/w_"]');
  }

  get send() {
    return this.frame.locator("button.pri");
  }

  async arrived(): Promise<void> {
    await expect(this.send).toBeVisible();
  }

  private field(key: string): Field {
    const field = this.form.steps.flatMap((s) => s.fields).find((f) => f.key === key);
    if (!field) throw new Error(`no field ${key}`);
    return field;
  }

  async choose(key: string, value: string): Promise<void> {
    const f = this.field(key);
    if (f.type === "select") await this.frame.locator(`#f-${key}`).selectOption(value);
    else if (f.type === "checkbox" || f.type === "consent") await this.frame.locator(`label:has(#f-${key})`).click();
    else await this.frame.locator(`#f-${key} label:has(input[value="${value}"])`).click();
  }

  private words(f: Field): string {
    const { who } = this;
    const name = `${f.maps_to ?? f.key} ${f.label ?? ""}`.toLowerCase();
    if (f.type === "email") return who.email;
    if (f.type === "phone") return who.phone;
    if (f.type === "number") return `${Math.max(1, f.min ?? 1)}`;
    if (f.type === "date") return "2027-03-14";
    if (name.startsWith("first_name")) return who.first;
    if (name.startsWith("last_name")) return who.last;
    if (name.includes("name")) return `${who.first} ${who.last}`;
    return "The saddle tips forward and my hands go numb.";
  }

  /** Answers every field of this step that is on the screen; `not` are left as they are. */
  async answer(not: string[] = []): Promise<void> {
    for (const f of this.form.steps.flatMap((s) => s.fields)) {
      if (not.includes(f.key) || ["section", "hidden", "file"].includes(f.type)) continue;
      const control = this.frame.locator(`#f-${f.key}`);
      if (!(await control.isVisible())) continue;
      if (PICKED.includes(f.type)) await this.choose(f.key, f.type === "rating" ? "4" : (f.options?.[0]?.value ?? ""));
      else await control.fill(this.words(f));
    }
  }

  /** A form sent faster than anybody reads is kept aside; a person takes longer, and so do we. */
  async read(): Promise<void> {
    const handle = await this.page.locator('iframe[src*="/w/w_"]').elementHandle();
    const frame = await handle?.contentFrame();
    await frame?.waitForFunction(() => performance.now() > 2500);
  }

  /** Two steps with the conditional field, up to the press that sends. */
  async fill(): Promise<void> {
    const { cause, value, field } = conditional(this.form);
    const hidden = this.frame.locator(`#f-${field}`);
    for (let step = 0; step < this.form.steps.length; step++) {
      if (await this.frame.locator(`#f-${cause}`).isVisible()) {
        await expect(hidden).toHaveCount(0);
        await this.choose(cause, value);
        const here = this.form.steps[step]?.fields.some((f) => f.key === field);
        if (here) await expect(hidden).toBeVisible();
      }
      await this.answer([cause]);
      if (step < this.form.steps.length - 1) {
        await this.send.click();
        await expect(this.frame.locator("#top")).toContainText(`${step + 2}`);
      }
    }
  }

  async thanked(): Promise<void> {
    await expect(this.frame.locator(".done h2")).toBeVisible();
    const title = this.form.outcome?.title;
    if (title) await expect(this.frame.locator(".done h2")).toHaveText(title);
  }
}
