import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { GripVertical } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  ids: readonly string[];
  onMove: (from: number, to: number) => void;
  nameOf: (id: string) => string;
  children: (id: string, grip: ReactNode) => ReactNode;
}

/** A short list that can be put in another order by its grips: with the mouse, a finger, or Space and the arrow keys. */
export function Sorted({ ids, onMove, nameOf, children }: Props) {
  const { t } = useTranslation();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const place = (id: unknown) => ids.indexOf(String(id)) + 1;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={({ active, over }) => {
        if (over && over.id !== active.id) onMove(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)));
      }}
      accessibility={{
        screenReaderInstructions: { draggable: t("forms.say.howToDrag") },
        announcements: {
          onDragStart: ({ active }) => t("forms.say.lifted", { field: nameOf(String(active.id)) }),
          onDragMove: () => undefined,
          onDragOver: ({ over }) => (over ? t("forms.say.over", { n: place(over.id) }) : undefined),
          onDragEnd: ({ over }) => (over ? t("forms.say.dropped", { n: place(over.id) }) : undefined),
          onDragCancel: () => t("forms.say.cancelled"),
        },
      }}
    >
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        <ol>
          {ids.map((id) => (
            <Item key={id} id={id} name={nameOf(id)}>
              {(grip) => children(id, grip)}
            </Item>
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

function Item({ id, name, children }: { id: string; name: string; children: (grip: ReactNode) => ReactNode }) {
  const { t } = useTranslation();
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({
    id,
  });
  const grip = (
    <button
      type="button"
      ref={setActivatorNodeRef}
      {...listeners}
      aria-label={t("forms.drag", { field: name })}
      aria-describedby={attributes["aria-describedby"]}
      className="grid h-8 w-6 shrink-0 cursor-grab touch-manipulation place-items-center rounded-chip text-muted hover:text-ink coarse:h-11 coarse:w-8"
    >
      <GripVertical aria-hidden="true" className="size-3.5" />
    </button>
  );
  return (
    <li
      ref={setNodeRef}
      style={{ transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined, transition }}
      className={isDragging ? "relative z-2" : undefined}
    >
      {children(grip)}
    </li>
  );
}
