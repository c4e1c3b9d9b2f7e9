import {
  type Announcements,
  type DragEndEvent,
  type DragMoveEvent,
  type DragStartEvent,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  type KeyboardCoordinateGetter,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCanvasActions } from "./actions";
import { useDraft } from "./context";
import { ICONS } from "./kinds";
import { type FieldType, findField, placeOf } from "./model";
import { nameOf } from "./sentences";

/** What is being carried: a new field from the palette, or one that is there already. */
export type Carried = { kind: "new"; type: FieldType } | { kind: "card"; key: string; type: FieldType };

interface Dragging {
  carried?: Carried;
  /** Before which card it would land; undefined when it would land nowhere. */
  index?: number;
}

const DraggingContext = createContext<Dragging>({});
export const useDragging = () => useContext(DraggingContext);

const cards = () => [...document.querySelectorAll<HTMLElement>("[data-card]")];
const middle = (element: HTMLElement) => {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
};

/** Between which cards a height lies. */
const indexAt = (y: number): number => cards().filter((card) => middle(card) < y).length;

/** Arrow keys carry from one gap to the next. */
const keyboardSteps: KeyboardCoordinateGetter = (event, { currentCoordinates, context }) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  const rect = context.collisionRect;
  if (!by || !rect) return undefined;
  event.preventDefault();
  const y = rect.top + rect.height / 2;
  const all = cards().map(middle);
  const target = by > 0 ? all.find((at) => at > y + 1) : all.findLast((at) => at < y - 1);
  if (target === undefined) return currentCoordinates;
  return { x: currentCoordinates.x, y: currentCoordinates.y + (target - y) + by * 3 };
};

/** Everything that can be dragged onto the canvas and on it. */
export function DragField({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { draft } = useDraft();
  const { add, move, step } = useCanvasActions();
  const [dragging, setDragging] = useState<Dragging>({});
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: keyboardSteps }),
  );
  const where = ({ active, over, activatorEvent, delta }: DragMoveEvent | DragEndEvent): number | undefined => {
    if (!over) return undefined;
    const rect = active.rect.current.translated;
    const point =
      activatorEvent instanceof MouseEvent
        ? activatorEvent.clientY + delta.y
        : rect
          ? rect.top + rect.height / 2
          : undefined;
    return point === undefined ? undefined : indexAt(point);
  };
  const onStart = ({ active }: DragStartEvent) => setDragging({ carried: active.data.current as Carried });
  const onMove = (event: DragMoveEvent) => {
    const index = where(event);
    setDragging((old) => (old.index === index ? old : { ...old, index }));
  };
  const onEnd = (event: DragEndEvent) => {
    const carried = event.active.data.current as Carried;
    const index = where(event);
    setDragging({});
    if (index === undefined) return;
    if (carried.kind === "new") add(carried.type, { step, index });
    else move(carried.key, { step, index });
  };

  const nameOfCarried = (carried: Carried | undefined): string => {
    if (!carried) return "";
    if (carried.kind === "new") return t(`forms.type.${carried.type}`);
    const field = findField(draft, carried.key);
    return field ? nameOf(field) : "";
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => t("forms.say.lifted", { field: nameOfCarried(active.data.current as Carried) }),
    onDragMove: () => (dragging.index === undefined ? undefined : t("forms.say.over", { n: dragging.index + 1 })),
    onDragOver: () => undefined,
    onDragEnd: () => undefined,
    onDragCancel: () => t("forms.say.cancelled"),
  };
  const { carried } = dragging;
  const Icon = carried && ICONS[carried.type];
  return (
    <DraggingContext value={dragging}>
      <DndContext
        sensors={sensors}
        collisionDetection={(args) => (args.pointerCoordinates ? pointerWithin(args) : rectIntersection(args))}
        onDragStart={onStart}
        onDragMove={onMove}
        onDragEnd={onEnd}
        onDragCancel={() => setDragging({})}
        accessibility={{ announcements, screenReaderInstructions: { draggable: t("forms.say.howToDrag") } }}
      >
        {children}
        <DragOverlay dropAnimation={null}>
          {carried && Icon && (
            <span className="flex h-11 w-52 items-center gap-2.5 rounded-[12px] border border-accent-line bg-overlay px-3.5 text-sm font-[570] shadow-3">
              <Icon aria-hidden="true" className="size-4 text-accent-text" />
              <span className="truncate">{nameOfCarried(carried)}</span>
            </span>
          )}
        </DragOverlay>
      </DndContext>
    </DraggingContext>
  );
}

/** Whether dropping here would change something: a card beside itself stays where it is. */
export function wouldMove(draft: Parameters<typeof placeOf>[0], { carried, index }: Dragging): boolean {
  if (index === undefined || !carried) return false;
  if (carried.kind === "new") return true;
  const at = placeOf(draft, carried.key);
  return !at || (index !== at.index && index !== at.index + 1);
}
