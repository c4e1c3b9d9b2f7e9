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

/** What is said to those who do not see the list, in the words of its module. */
export interface SortedWords {
  how: string;
  /** The name of a grip. */
  grip: (name: string) => string;
  lifted: (name: string) => string;
  over: (place: number) => string;
  dropped: (place: number) => string;
  cancelled: string;
}

export interface SortedProps {
  ids: readonly string[];
  onMove: (from: number, to: number) => void;
  nameOf: (id: string) => string;
  children: (id: string, grip: ReactNode) => ReactNode;
}

/** A short list that can be put in another order by its grips: with the mouse, a finger, or Space and the arrow keys. */
export function Sorted({ ids, onMove, nameOf, children, words }: SortedProps & { words: SortedWords }) {
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
        screenReaderInstructions: { draggable: words.how },
        announcements: {
          onDragStart: ({ active }) => words.lifted(nameOf(String(active.id))),
          onDragMove: () => undefined,
          onDragOver: ({ over }) => (over ? words.over(place(over.id)) : undefined),
          onDragEnd: ({ over }) => (over ? words.dropped(place(over.id)) : undefined),
          onDragCancel: () => words.cancelled,
        },
      }}
    >
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        <ol>
          {ids.map((id) => (
            <Item key={id} id={id} label={words.grip(nameOf(id))}>
              {(grip) => children(id, grip)}
            </Item>
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

function Item({ id, label, children }: { id: string; label: string; children: (grip: ReactNode) => ReactNode }) {
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({
    id,
  });
  const grip = (
    <button
      type="button"
      ref={setActivatorNodeRef}
      {...listeners}
      aria-label={label}
      aria-describedby={attributes["aria-describedby"]}
      className="grid h-8 w-6 shrink-0 cursor-grab touch-manipulation place-items-center rounded-chip text-muted hover:text-ink coarse:size-11"
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
