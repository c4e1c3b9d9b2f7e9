import "./canvas.css";
import { useDroppable } from "@dnd-kit/core";
import type { Store } from "@widget/store";
import { direction } from "@widget/text";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Minus, Plus, Redo2, Undo2 } from "lucide-react";
import { type CSSProperties, Fragment, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { useFormats } from "@/i18n/format";
import { DropMark } from "@/sky/Reticle/Reticle";
import { Button, IconButton } from "@/ui/button";
import { Popover } from "@/ui/popover";
import { Drawn, speakLike, useWorn, type Worn } from "../drawn";
import { useCanvasActions } from "./actions";
import { FieldCard } from "./card";
import { useDraft } from "./context";
import { useDragging, wouldMove } from "./drag";
import { findField } from "./model";
import { PalettePane } from "./palette-pane";
import { nameOf } from "./sentences";
import { Steps } from "./steps";
import { frameStore, furniture, stillStore } from "./still";

/** The language the form speaks: its own, or the tenant's. */
export function useFormLanguage(locale: string | null): string {
  const { data } = useQuery({ ...tenant, enabled: false });
  return locale ?? data?.locale ?? "en";
}

/** One step of the form on a field of dots, in the form's own clothes. */
export function Canvas({ adds }: { adds: boolean }) {
  const { t } = useTranslation();
  const { editor, doc, draft, selected } = useDraft();
  const { step } = useCanvasActions();
  const worn = useWorn(doc.theme);
  const language = useFormLanguage(doc.locale);
  speakLike(language);
  const dir = direction(language);
  const store = useMemo(() => stillStore(draft), [draft]);
  const untitled = t("forms.untitled");
  const still = useMemo(() => frameStore(draft, untitled), [draft, untitled]);
  const [zoom, setZoom] = useState(1);
  const { setNodeRef, isOver } = useDroppable({ id: "canvas" });
  const many = draft.steps.length > 1;
  const formOn = selected.kind === "form";
  const edge = (piece: "head" | "foot") => (
    <button
      type="button"
      aria-pressed={formOn}
      aria-label={t(piece === "head" ? "forms.editHead" : "forms.editFoot")}
      onClick={() => editor.select({ kind: "form" })}
      className="absolute -inset-2.5 rounded-[10px] hover:bg-[color-mix(in_oklab,var(--upz-text)_4%,transparent)]"
    />
  );
  return (
    <section aria-label={t("forms.canvas")} className="relative flex min-w-0 flex-1 flex-col max-md:min-h-0">
      <p id="canvas-says" role="status" className="sr-only" />
      <div className="dotted min-h-0 flex-1 overflow-auto overscroll-contain pb-20 max-md:pb-6" data-canvas-scroll>
        <Steps />
        <div className="mx-auto mt-5 w-[min(540px,calc(100%-32px))]" style={{ zoom } as CSSProperties}>
          <div
            ref={setNodeRef}
            dir={dir}
            className="canvas-sheet px-8 py-7 shadow-2 max-md:px-5 max-md:py-6"
            style={{ ...(worn.vars as CSSProperties), fontFamily: worn.vars["--upz-font"] }}
          >
            <div className="relative mb-6">
              <Drawn worn={worn} dir={dir} piece={furniture(still, step, "head")} />
              {edge("head")}
            </div>
            {many && (
              <div className="mb-6" aria-hidden="true">
                <Drawn worn={worn} dir={dir} piece={furniture(still, step, "traj")} />
              </div>
            )}
            <Fields store={store} worn={worn} dir={dir} over={isOver} />
            <div className="relative mt-6">
              <Drawn worn={worn} dir={dir} piece={furniture(still, step, "foot")} />
              {edge("foot")}
            </div>
          </div>
        </div>
      </div>
      <Instruments zoom={zoom} onZoom={setZoom} adds={adds} />
    </section>
  );
}

function Fields(props: { store: Store; worn: Worn; dir: "ltr" | "rtl"; over: boolean }) {
  const { store, worn, dir, over } = props;
  const { t } = useTranslation();
  const { draft } = useDraft();
  const { step } = useCanvasActions();
  const dragging = useDragging();
  const fields = draft.steps[step]?.fields ?? [];
  const moves = wouldMove(draft, dragging);
  const { carried, index } = dragging;
  const field = carried?.kind === "card" ? findField(draft, carried.key) : undefined;
  const what = carried && (field ? nameOf(field) : t(`forms.type.${carried.type}`));
  const mark = moves && what && <DropMark label={t("forms.dropHere", { field: what })} />;
  return (
    <div className="py-1">
      {fields.length === 0 ? (
        <div
          className={clsx(
            "grid min-h-32 place-items-center rounded-[12px] border border-dashed p-5 text-center text-sm",
            over ? "border-accent-line" : "border-[color-mix(in_oklab,var(--upz-text)_40%,var(--upz-surface))]",
          )}
        >
          {mark ? <div className="w-full">{mark}</div> : <p>{t("forms.emptyStep")}</p>}
        </div>
      ) : (
        <ol className="flex flex-col" aria-label={t("forms.fieldsOfStep", { n: step + 1 })}>
          {fields.map((one, at) => (
            <Fragment key={one.key}>
              {mark && index === at && <li aria-hidden="true">{mark}</li>}
              <li>
                <FieldCard field={one} store={store} worn={worn} dir={dir} />
              </li>
            </Fragment>
          ))}
          {mark && index !== undefined && index >= fields.length && <li aria-hidden="true">{mark}</li>}
        </ol>
      )}
    </div>
  );
}

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5];

function Instruments({ zoom, onZoom, adds }: { zoom: number; onZoom: (zoom: number) => void; adds: boolean }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { editor, state } = useDraft();
  const [open, setOpen] = useState(false);
  const at = ZOOMS.indexOf(zoom);
  const { past, future } = state.history;
  return (
    <div className="absolute start-4 bottom-4 z-10 flex items-center gap-0.5 rounded-[12px] border border-line-2 bg-overlay p-1 shadow-2 max-md:hidden">
      {adds && (
        <Popover
          label={t("forms.palette.title")}
          align="start"
          open={open}
          onOpenChange={setOpen}
          className="max-h-[70dvh] w-72 overflow-y-auto p-4"
          trigger={
            <Button size="small" look="primary" icon={<Plus />}>
              {t("forms.addField")}
            </Button>
          }
        >
          <PalettePane onAdded={() => setOpen(false)} />
        </Popover>
      )}
      <IconButton label={t("forms.zoomOut")} disabled={at <= 0} onClick={() => onZoom(ZOOMS[at - 1] ?? zoom)}>
        <Minus />
      </IconButton>
      <output className="num w-11 text-center text-[12.5px]" aria-label={t("forms.zoom")}>
        {new Intl.NumberFormat(locale, { style: "percent" }).format(zoom)}
      </output>
      <IconButton
        label={t("forms.zoomIn")}
        disabled={at >= ZOOMS.length - 1}
        onClick={() => onZoom(ZOOMS[at + 1] ?? zoom)}
      >
        <Plus />
      </IconButton>
      <IconButton label={t("action.undo")} disabled={past.length === 0} onClick={() => editor.undo()}>
        <Undo2 />
      </IconButton>
      <IconButton label={t("forms.redo")} disabled={future.length === 0} onClick={() => editor.redo()}>
        <Redo2 />
      </IconButton>
    </div>
  );
}
