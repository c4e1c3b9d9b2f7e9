import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const REST = 200;

/**
 * Types freely; the list follows when the fingers rest. A late search never takes anybody back from where he went, and
 * rows do not move under a press.
 */
export function SearchBox(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  field?: RefObject<HTMLInputElement | null>;
  /** Where it stands: as wide as it says there. */
  className?: string;
}) {
  const { t } = useTranslation();
  const { label, value } = props;
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = useRef(props.onChange);
  tell.current = props.onChange;
  // Whoever is typing is not overwritten by an answer to what he typed before.
  useEffect(() => {
    if (timer.current === undefined) setTyped(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = (text: string) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (text !== value) tell.current(text);
  };
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    // The address changes with the press that leads elsewhere; the next page may be longer on its way than the search.
    const { pathname } = location;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (location.pathname === pathname) tell.current(text);
    }, REST);
  };
  return (
    <span className={`relative shrink-0 ${props.className ?? "w-52"}`}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 start-2.5 my-auto size-4 text-muted"
      />
      <input
        ref={props.field}
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        maxLength={100}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") settle(typed);
          if (event.key !== "Escape") return;
          event.stopPropagation();
          if (typed) type("");
          else event.currentTarget.blur();
        }}
        className="h-8 w-full rounded-[8px] border border-line-2 bg-surface ps-8 pe-7 text-sm text-ellipsis placeholder:text-muted hover:border-control max-md:h-11 max-md:text-[16px] [&::-webkit-search-cancel-button]:hidden"
      />
      {typed && (
        <button
          type="button"
          aria-label={t("action.clear")}
          onClick={() => {
            setTyped("");
            settle("");
          }}
          className="absolute inset-y-0 end-0 grid w-8 place-items-center text-muted max-md:w-11 coarse:w-11 hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </span>
  );
}
