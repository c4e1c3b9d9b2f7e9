import { useDraggable } from "@dnd-kit/core";
import { clsx } from "clsx";
import { SeparatorHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCanvasActions } from "./actions";
import type { Carried } from "./drag";
import { GROUPS, ICONS } from "./kinds";
import type { FieldType } from "./model";

const tileLook =
  "flex min-h-[54px] w-full flex-col justify-between gap-1.5 rounded-[12px] border border-line bg-surface px-2.5 py-2 text-start text-[12.5px] font-[520] text-ink-2 shadow-1 hover:border-control hover:bg-hover hover:text-ink disabled:text-faint [&_svg]:size-[15px] [&_svg]:text-accent-text coarse:min-h-15";

/** Every kind of field. Drag one onto the canvas; a click or Enter puts it after what is selected. */
export function PalettePane({ onAdded }: { onAdded?: () => void }) {
  const { t } = useTranslation();
  const { addStep, add } = useCanvasActions();
  const put = (type: FieldType) => {
    add(type);
    onAdded?.();
  };
  return (
    <>
      {GROUPS.map(({ name, types }) => (
        <section key={name} className="mb-5" aria-labelledby={`palette-${name}`}>
          <h2 id={`palette-${name}`} className="snug mb-2.5 text-[13px] font-semibold">
            {t(`forms.palette.${name}`)}
          </h2>
          <div className="grid grid-cols-2 gap-1.5 max-md:grid-cols-3">
            {types.map((type) => (
              <Tile key={type} type={type} onAdd={() => put(type)} />
            ))}
          </div>
        </section>
      ))}
      <section aria-labelledby="palette-layout">
        <h2 id="palette-layout" className="snug mb-2.5 text-[13px] font-semibold">
          {t("forms.palette.layout")}
        </h2>
        <div className="grid grid-cols-2 gap-1.5 max-md:grid-cols-3">
          <Tile type="section" onAdd={() => put("section")} />
          <button
            type="button"
            onClick={() => {
              addStep();
              onAdded?.();
            }}
            className={tileLook}
          >
            <SeparatorHorizontal aria-hidden="true" />
            {t("forms.palette.step")}
          </button>
        </div>
      </section>
    </>
  );
}

function Tile({ type, onAdd }: { type: FieldType; onAdd: () => void }) {
  const { t } = useTranslation();
  const Icon = ICONS[type];
  const data: Carried = { kind: "new", type };
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `new:${type}`, data });
  // Enter adds at once; carrying by keyboard is for what is on the canvas already.
  const { onKeyDown: _, ...pointer } = listeners ?? {};
  return (
    <button
      ref={setNodeRef}
      type="button"
      {...pointer}
      onClick={onAdd}
      className={clsx(tileLook, "cursor-grab touch-manipulation", isDragging && "border-accent-line! opacity-60")}
    >
      <Icon aria-hidden="true" />
      {t(`forms.type.${type}`)}
    </button>
  );
}
