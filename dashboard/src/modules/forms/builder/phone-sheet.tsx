import { ArrowDown, ArrowUp, Copy, Eye, Plus, Redo2, SlidersHorizontal, Trash2, Undo2 } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/dialog";
import { useCanvasActions } from "./actions";
import { useDraft } from "./context";
import { Inspector } from "./inspector";
import { findField } from "./model";
import { PalettePane } from "./palette-pane";
import { nameOf } from "./sentences";

const Preview = lazy(async () => ({ default: (await import("./preview")).PreviewDialog }));

/** On phones: what is selected, and everything that can be done with it, within reach of a thumb. */
export function PhoneSheet() {
  const { t } = useTranslation();
  const { editor, draft, selected, state } = useDraft();
  const { key, shift, remove, duplicate, step } = useCanvasActions();
  const [open, setOpen] = useState<"add" | "edit" | "preview">();
  const field = key === undefined ? undefined : findField(draft, key);
  const title =
    selected.kind === "form"
      ? t("forms.tab.form")
      : field
        ? nameOf(field)
        : draft.steps[step]?.title || t("forms.stepNumber", { n: step + 1 });
  const close = () => setOpen(undefined);
  return (
    <section
      aria-label={t("forms.tools")}
      className="z-10 shrink-0 rounded-t-sheet border-line-2 border-t bg-overlay px-4 pt-2 pb-[calc(12px+env(safe-area-inset-bottom))] shadow-3"
    >
      <span aria-hidden="true" className="mx-auto mb-2 block h-1 w-10 rounded-full bg-control" />
      <div className="mb-2 flex items-center justify-between gap-3">
        <b className="snug min-w-0 truncate text-[15px] font-semibold">
          <bdi>{title}</bdi>
        </b>
        <button
          type="button"
          onClick={() => setOpen("edit")}
          className="flex h-11 shrink-0 items-center gap-1.5 px-1 text-sm font-[560] text-ink-2 [&_svg]:size-4"
        >
          <SlidersHorizontal aria-hidden="true" />
          {t(field ? "forms.editField" : "forms.edit")}
        </button>
      </div>
      <div className="-mx-4 flex gap-2 overflow-x-auto px-4 [scrollbar-width:none]">
        <Act icon={<Plus />} onClick={() => setOpen("add")}>
          {t("forms.addField")}
        </Act>
        {field && (
          <>
            <Act icon={<ArrowUp />} onClick={() => shift(field.key, -1)}>
              {t("forms.moveUp")}
            </Act>
            <Act icon={<ArrowDown />} onClick={() => shift(field.key, 1)}>
              {t("forms.moveDown")}
            </Act>
            <Act icon={<Copy />} onClick={() => duplicate(field.key)}>
              {t("forms.duplicateShort")}
            </Act>
            <Act icon={<Trash2 />} onClick={() => remove(field.key)}>
              {t("action.remove")}
            </Act>
          </>
        )}
        <Act icon={<Undo2 />} disabled={state.history.past.length === 0} onClick={() => editor.undo()}>
          {t("action.undo")}
        </Act>
        <Act icon={<Redo2 />} disabled={state.history.future.length === 0} onClick={() => editor.redo()}>
          {t("forms.redo")}
        </Act>
        <Act icon={<Eye />} onClick={() => setOpen("preview")}>
          {t("forms.preview")}
        </Act>
      </div>
      <Dialog open={open === "add"} onClose={close} title={t("forms.addField")}>
        <PalettePane onAdded={close} />
      </Dialog>
      <Dialog open={open === "edit"} onClose={close} title={title}>
        <div className="-mx-5 max-h-[72dvh] overflow-y-auto">
          <Inspector />
        </div>
      </Dialog>
      <Suspense>{open === "preview" && <Preview onClose={close} />}</Suspense>
    </section>
  );
}

function Act(props: { icon: ReactNode; onClick: () => void; disabled?: boolean; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={props.onClick}
      disabled={props.disabled}
      className="flex h-11 shrink-0 items-center gap-2 rounded-[12px] border border-line-2 bg-raised px-3.5 text-sm font-[560] disabled:text-faint [&_svg]:size-4 [&_svg]:text-accent-text disabled:[&_svg]:text-faint"
    >
      {props.icon}
      {props.children}
    </button>
  );
}
