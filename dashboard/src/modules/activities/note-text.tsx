import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, type RefObject, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";
import { readers, type Which } from "./data";
import { asked, callings, type Person, pieces } from "./mentions";

const NOBODY: readonly Person[] = [];

/** What members are called in notes, by id; also those who may see the record when the team may not be seen. */
export function useCallings(seeing: readonly Person[] = NOBODY): Map<string, string> {
  const allowed = useMay("identity.members.read");
  const { data } = useQuery({ ...members, enabled: allowed });
  return useMemo(() => {
    const team: readonly Person[] = data?.items ?? NOBODY;
    const known = new Set(team.map(({ id }) => id));
    return callings([...team, ...seeing.filter(({ id }) => !known.has(id))]);
  }, [data, seeing]);
}

/** A note with its members by name; each name runs in its own direction. */
export function Said({ text }: { text: string }) {
  const { t } = useTranslation();
  const called = useCallings();
  let at = 0;
  return pieces(text).map((piece) => {
    const key = at++;
    if (typeof piece === "string") return piece;
    return (
      <bdi key={key} className="rounded-[5px] bg-accent-soft px-1 font-[540] text-accent-text">
        @{called.get(piece.member) ?? t("contacts.unknownAuthor")}
      </bdi>
    );
  });
}

interface Props extends Omit<ComponentProps<"textarea">, "about" | "onChange" | "value"> {
  about: Which;
  value: string;
  field?: RefObject<HTMLTextAreaElement | null>;
  onText: (text: string) => void;
  /** Somebody was chosen by name. */
  onNamed: (name: string, id: string) => void;
}

/** A text in which @ names colleagues who may see the record. */
export function NoteText({ about, value, field, onText, onNamed, onKeyDown, ...rest }: Props) {
  const { t } = useTranslation();
  const own = useRef<HTMLTextAreaElement>(null);
  const box = field ?? own;
  const [caret, setCaret] = useState<number>();
  const [at, setAt] = useState(0);
  const id = useId();
  const ask = caret === undefined ? undefined : asked(value, caret);
  const { data = NOBODY } = useQuery({ ...readers(about), enabled: ask !== undefined });
  const called = useCallings(data);
  const people = data.map(({ id, name }) => ({ id, name: called.get(id) ?? name }));
  const words = ask?.words.toLocaleLowerCase() ?? "";
  const fits = (name: string) => ` ${name.toLocaleLowerCase()}`.includes(` ${words}`);
  const found = ask ? people.filter(({ name }) => fits(name) && name !== ask.words).slice(0, 6) : [];
  const open = found.length > 0;
  const place = Math.min(at, found.length - 1);
  const choose = (index: number) => {
    const person = found[index];
    if (!ask || !person || caret === undefined) return;
    const text = `${value.slice(0, ask.from)}@${person.name} ${value.slice(caret)}`;
    onText(text);
    onNamed(person.name, person.id);
    setCaret(undefined);
    const end = ask.from + person.name.length + 2;
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(end, end);
    });
  };
  return (
    <div className="relative">
      <textarea
        {...rest}
        ref={box}
        dir="auto"
        value={value}
        aria-autocomplete="list"
        aria-controls={open ? id : undefined}
        aria-activedescendant={open ? `${id}-${place}` : undefined}
        onChange={(event) => {
          onText(event.target.value);
          setCaret(event.target.selectionStart);
          setAt(0);
        }}
        onBlur={() => setCaret(undefined)}
        onKeyDown={(event) => {
          if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
            event.preventDefault();
            setAt((place + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
          } else if (open && (event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            choose(place);
          } else if (open && event.key === "Escape") {
            event.stopPropagation();
            setCaret(undefined);
          } else onKeyDown?.(event);
        }}
      />
      {open && (
        <div
          id={id}
          role="listbox"
          aria-label={t("activities.colleagues")}
          className="absolute start-0 top-full z-20 mt-1 max-h-64 min-w-52 max-w-full overflow-y-auto rounded-[10px] border border-line-2 bg-raised p-1 shadow-2"
        >
          {found.map((person, index) => (
            <div
              key={person.id}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === place}
              // Before the text loses the caret.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(index);
              }}
              className="flex min-h-9 cursor-pointer items-center rounded-[7px] px-2.5 text-sm hover:bg-hover aria-selected:bg-accent-soft coarse:min-h-11"
            >
              <bdi className="truncate">{person.name}</bdi>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
