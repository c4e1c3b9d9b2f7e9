import { Kbd } from "@/ui/kbd";
import { fold } from "@/shell/search";
import type { Item } from "./parts";

/** One line: what was typed is bold where the label has it. */
export function Line(props: {
  id: string;
  item: Item;
  words: string;
  chosen: boolean;
  onPoint: () => void;
  onTake: (apart: boolean) => void;
}) {
  const { item, chosen } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
    <div
      id={props.id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-keyshortcuts={item.press}
      onClick={(event) => props.onTake(event.ctrlKey || event.metaKey)}
      onPointerMove={props.onPoint}
      className="mx-2 flex cursor-pointer items-center gap-3 rounded-control px-2.5 py-[9px] text-[14px] aria-selected:bg-selected coarse:min-h-11 [&_svg]:size-[18px] [&_svg]:shrink-0 [&_svg]:stroke-[1.75] [&_svg]:text-muted"
    >
      {item.icon}
      <span className="min-w-0">
        <span dir="auto" className="block truncate">
          <Marked text={item.label} words={props.words} />
        </span>
        {item.snippet && item.snippet.length > 0 && (
          <span dir="auto" className="block truncate text-[12.5px] text-muted">
            <Snippet parts={item.snippet} />
          </span>
        )}
      </span>
      <span className="ms-auto flex min-w-0 max-w-[45%] items-center gap-2 ps-3 text-[12.5px] text-muted">
        {item.note && (
          <span dir="auto" className="truncate">
            {item.note}
          </span>
        )}
        {item.press && <Kbd>{item.press.toUpperCase()}</Kbd>}
        {chosen && !item.press && <Kbd className="max-md:hidden">↵</Kbd>}
      </span>
    </div>
  );
}

function Snippet({ parts }: { parts: NonNullable<Item["snippet"]> }) {
  let at = 0;
  return parts.map(({ text, hit }) => {
    const key = at;
    at += text.length;
    return hit ? (
      <mark key={key} className="bg-transparent font-[620] text-ink">
        {text}
      </mark>
    ) : (
      <span key={key}>{text}</span>
    );
  });
}

function Marked({ text, words }: { text: string; words: string }) {
  const first = words.split(/\s+/)[0] ?? "";
  const from = first && fold(text).length === text.length ? fold(text).indexOf(fold(first)) : -1;
  if (from < 0) return text;
  const to = from + first.length;
  return (
    <>
      {text.slice(0, from)}
      <b className="font-[620]">{text.slice(from, to)}</b>
      {text.slice(to)}
    </>
  );
}
