import { allFields, type Definition, sameDefinition } from "./model";

export interface Difference {
  added: number;
  removed: number;
  /** Fields that say or take something else, or stand elsewhere. */
  changed: number;
  rules: boolean;
  /** Title, button, steps' names or what comes in the end. */
  words: boolean;
}

/** What one version changed about the one before, as a person would count it. */
export function compare(before: Definition, now: Definition): Difference {
  const at = (form: Definition) =>
    new Map(
      form.steps.flatMap(({ key, fields }) => fields.map((field, index) => [field.key, `${key}/${index}`] as const)),
    );
  const [old, fresh] = [
    new Map(allFields(before).map((f) => [f.key, f])),
    new Map(allFields(now).map((f) => [f.key, f])),
  ];
  const added = [...fresh.keys()].filter((key) => !old.has(key)).length;
  const removed = [...old.keys()].filter((key) => !fresh.has(key)).length;
  const both = [...fresh.keys()].filter((key) => old.has(key));
  const [from, to] = [at(before), at(now)];
  // Where fields came or went, the others only moved up or down.
  const moved = added === 0 && removed === 0;
  const changed = both.filter(
    (key) => !sameDefinition(old.get(key), fresh.get(key)) || (moved && from.get(key) !== to.get(key)),
  ).length;
  const words = ({ title, description, submit_label, outcome, steps }: Definition) => ({
    title,
    description,
    submit_label,
    outcome,
    steps: steps.map(({ key, title: name }) => ({ key, name })),
  });
  return {
    added,
    removed,
    changed,
    rules: !sameDefinition(before.rules ?? [], now.rules ?? []),
    words: !sameDefinition(words(before), words(now)),
  };
}
