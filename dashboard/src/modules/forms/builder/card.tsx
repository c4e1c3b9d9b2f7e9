import { useDraggable } from "@dnd-kit/core";
import { Control } from "@widget/fields";
import type { Store } from "@widget/store";
import { clsx } from "clsx";
import { CircleAlert, Copy, EyeOff, GripVertical, Split, Trash2 } from "lucide-react";
import { h } from "preact";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Reticle } from "@/sky/Reticle/Reticle";
import { IconButton } from "@/ui/button";
import { Drawn, type Worn } from "../drawn";
import { cardId, focusCard, useCanvasActions } from "./actions";
import { useDraft } from "./context";
import type { Carried } from "./drag";
import { type Field, isNeverShown, rulesAbout } from "./model";
import { problemsOf } from "./problems";
import { nameOf } from "./sentences";

/** A field on the canvas: what visitors see, with one button over it that selects, carries and hears the keys. */
export function FieldCard(props: { field: Field; store: Store; worn: Worn; dir: "ltr" | "rtl" }) {
  const { field, store, worn, dir } = props;
  const { t } = useTranslation();
  const { editor, draft, state, selected } = useDraft();
  const { shift, remove, duplicate, step } = useCanvasActions();
  const on = selected.kind === "field" && selected.key === field.key;
  const data: Carried = { kind: "card", key: field.key, type: field.type };
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: `card:${field.key}`,
    data,
  });
  const { onKeyDown: _, ...pointer } = listeners ?? {};
  const lost = isNeverShown(draft, field);
  const open = lost || problemsOf(state.problems, field.key).size > 0;
  const rules = rulesAbout(draft, field.key).length;
  const select = () => editor.select({ kind: "field", step, key: field.key });
  const siblings = draft.steps[step]?.fields ?? [];
  const at = siblings.findIndex(({ key }) => key === field.key);

  const press = (event: KeyboardEvent) => {
    const by = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key as "ArrowDown" | "ArrowUp"];
    if (by) {
      event.preventDefault();
      if (event.altKey) return shift(field.key, by);
      const next = siblings[at + by];
      if (!next) return;
      editor.select({ kind: "field", step, key: next.key });
      focusCard(next.key);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(field.key);
    } else if (event.key === "Enter") {
      event.preventDefault();
      select();
      requestAnimationFrame(() => document.querySelector<HTMLElement>("[data-inspect] :is(input,textarea)")?.focus());
    }
  };
  const spoken = [
    nameOf(field),
    t(`forms.type.${field.type}`),
    ...(field.required ? [t("forms.required")] : []),
    ...(field.hidden ? [t("forms.hiddenAtFirst")] : []),
    ...(lost ? [t("forms.neverShown")] : open ? [t("forms.needsAttention")] : []),
  ].join(", ");
  return (
    <div className={clsx("py-2.5", isDragging && "opacity-40")} data-card={field.key} ref={setNodeRef}>
      <Reticle on={on}>
        {field.type === "hidden" ? (
          <Carrier field={field} />
        ) : (
          <div className={clsx(field.hidden && "opacity-60")}>
            <Drawn worn={worn} dir={dir} piece={h("div", { class: "fields" }, h(Control, { f: field, store }))} />
          </div>
        )}
        <button
          type="button"
          id={cardId(field.key)}
          {...pointer}
          aria-pressed={on}
          aria-label={spoken}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete Enter"
          onClick={select}
          onFocus={() => !on && select()}
          onKeyDown={press}
          className="absolute -inset-1.5 cursor-pointer touch-manipulation rounded-[8px] hover:bg-[color-mix(in_oklab,var(--upz-accent)_7%,transparent)]"
        />
        {(open || field.hidden || rules > 0) && (
          <span className="pointer-events-none absolute -top-1 end-0 flex items-center gap-1.5" aria-hidden="true">
            {field.hidden && <EyeOff className="size-4 opacity-70" />}
            {rules > 0 && <Split className="size-4 opacity-70" />}
            {open && (
              <span className="grid size-5 place-items-center rounded-full bg-danger text-on-danger">
                <CircleAlert className="size-3.5" />
              </span>
            )}
          </span>
        )}
        {on && (
          <span
            dir="ltr"
            className="absolute -top-9 -end-1.5 z-2 flex rounded-[10px] border border-line-2 bg-overlay p-0.5 text-ink shadow-2 max-md:hidden"
          >
            <IconButton
              ref={setActivatorNodeRef}
              label={t("forms.drag", { field: nameOf(field) })}
              {...listeners}
              aria-describedby={attributes["aria-describedby"]}
              className="size-7! cursor-grab [&_svg]:size-3.5!"
            >
              <GripVertical />
            </IconButton>
            <IconButton
              label={t("forms.duplicateField", { field: nameOf(field) })}
              onClick={() => duplicate(field.key)}
              className="size-7! [&_svg]:size-3.5!"
            >
              <Copy />
            </IconButton>
            <IconButton
              label={t("forms.removeField", { field: nameOf(field) })}
              onClick={() => remove(field.key)}
              className="size-7! [&_svg]:size-3.5!"
            >
              <Trash2 />
            </IconButton>
          </span>
        )}
      </Reticle>
    </div>
  );
}

/** A hidden field is never drawn for visitors: here it is a note. */
function Carrier({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <p className="flex min-h-11 items-center gap-2.5 rounded-[10px] border border-dashed border-[color-mix(in_oklab,var(--upz-text)_40%,var(--upz-surface))] px-3.5 text-sm">
      <EyeOff aria-hidden="true" className="size-4" />
      <bdi className="font-[570]">{field.label || field.key}</bdi>
      {field.param && <span className="opacity-70">{t("forms.fromParam", { param: field.param })}</span>}
    </p>
  );
}
