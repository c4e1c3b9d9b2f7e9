import { App } from "@widget/app";
import { Store } from "@widget/store";
import { type ComponentChild, h } from "preact";
import type { Definition } from "./model";

const nothing = async () => ({});
const api = { act: nothing, token: async () => "" };
const progress = { mark() {}, flush() {} };
const world = {
  attr: {},
  prefill: {},
  changed() {},
  event() {},
  online: () => true,
  back: async () => {},
  pause: async () => {},
  elapsed: () => 0,
};

/** A form with nothing answered and no rules: for drawing its fields as they look at first, hidden ones too. */
export function stillStore(form: Definition): Store {
  const open = (step: Definition["steps"][number]) => ({
    ...step,
    fields: step.fields.map((field) => ({ ...field, hidden: null })),
  });
  return new Store({ ...form, steps: form.steps.map(open), rules: [] }, api, progress, world);
}

/** The same without its fields: every step is walked, also one that is still empty. */
export function frameStore(form: Definition, untitled: string): Store {
  const steps = form.steps.map(({ key, title }, index) => ({
    key,
    title: title ?? null,
    fields: [{ key: `f${index}`, type: "text" as const }],
  }));
  return new Store({ ...form, title: form.title || untitled, steps, rules: [] }, api, progress, world);
}

const NO_LINKS: [] = [];

/** What stands round the fields of a step: title and description, how far one is, the buttons. */
export function furniture(store: Store, step: number, part: "head" | "traj" | "foot"): ComponentChild {
  store.step = store.form.steps[step]?.key ?? store.step;
  return h("div", { class: `only-${part}` }, h(App, { store, mode: "canvas", links: NO_LINKS }));
}
