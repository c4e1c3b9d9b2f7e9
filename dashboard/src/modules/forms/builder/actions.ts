import { useTranslation } from "react-i18next";
import { useDraft } from "./context";
import { freshField } from "./kinds";
import * as model from "./model";
import { nameOf } from "./sentences";

/** What can be done on the canvas, the same from the mouse, the keyboard and a phone. */
export function useCanvasActions() {
  const { t } = useTranslation();
  const { editor, draft, selected } = useDraft();
  const word = (name: string) => t(`forms.fresh.${name}` as "forms.fresh.option");
  const step = selected.kind === "form" ? 0 : selected.step;
  const key = selected.kind === "field" ? selected.key : undefined;

  const after = (): model.Place => {
    const at = key === undefined ? undefined : model.placeOf(draft, key);
    return at ? { step: at.step, index: at.index + 1 } : { step, index: draft.steps[step]?.fields.length ?? 0 };
  };
  const add = (type: model.FieldType, at: model.Place = after()) => {
    const field = freshField(draft, type, word);
    editor.edit((now) => model.insertField(now, field, at));
    editor.select({ kind: "field", step: at.step, key: field.key });
    announce(t("forms.say.added", { field: t(`forms.type.${type}`), n: at.index + 1 }));
    focusCard(field.key);
  };
  const move = (which: string, to: model.Place) => {
    editor.edit((now) => model.moveField(now, which, to));
    editor.select({ kind: "field", step: to.step, key: which });
    said(which);
  };
  const shift = (which: string, by: 1 | -1) => {
    editor.edit((now) => model.shiftField(now, which, by));
    said(which);
    focusCard(which);
  };
  const said = (which: string) => {
    const { draft: now } = editor.get().history.now;
    const at = model.placeOf(now, which);
    const field = model.findField(now, which);
    if (at && field)
      announce(
        t("forms.say.moved", {
          field: nameOf(field),
          n: at.index + 1,
          of: now.steps[at.step]?.fields.length ?? 0,
          step: at.step + 1,
        }),
      );
  };
  const remove = (which: string) => {
    const at = model.placeOf(draft, which);
    const field = model.findField(draft, which);
    if (!at || !field) return;
    editor.edit((now) => model.removeField(now, which));
    const left = editor.get().history.now.draft.steps[at.step]?.fields ?? [];
    const next = left[Math.min(at.index, left.length - 1)];
    editor.select(next ? { kind: "field", step: at.step, key: next.key } : { kind: "step", step: at.step });
    announce(t("forms.say.removed", { field: nameOf(field) }));
    if (next) focusCard(next.key);
  };
  const duplicate = (which: string) => {
    const made = model.duplicateField(draft, which);
    editor.edit(() => made.draft);
    const at = model.placeOf(made.draft, made.key);
    if (at) editor.select({ kind: "field", step: at.step, key: made.key });
    focusCard(made.key);
  };
  const addStep = () => {
    editor.edit((now) => model.addStep(now, step));
    editor.select({ kind: "step", step: step + 1 });
    announce(t("forms.say.stepAdded", { n: step + 2 }));
  };
  return { add, move, shift, remove, duplicate, addStep, after, step, key };
}

export const cardId = (key: string) => `card-${key}`;

export function focusCard(key: string): void {
  requestAnimationFrame(() => document.getElementById(cardId(key))?.focus({ preventScroll: false }));
}

/** For who listens: the canvas has one place where it says what happened. */
export function announce(text: string): void {
  const place = document.getElementById("canvas-says");
  if (place) place.textContent = text;
}
