import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** Types freely; the list follows when the fingers rest. */
export function SearchBox(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  field?: RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const { label, value, onChange } = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), 200);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <span className="relative shrink-0">
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
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && (typed ? setTyped("") : event.currentTarget.blur())}
        className="h-8 w-52 rounded-[8px] border border-line-2 bg-surface ps-8 pe-7 text-sm placeholder:text-muted hover:border-control max-md:h-11 max-md:text-[16px] [&::-webkit-search-cancel-button]:hidden"
      />
      {typed && (
        <button
          type="button"
          aria-label={t("action.clear")}
          onClick={() => setTyped("")}
          className="absolute inset-y-0 end-0 grid w-8 place-items-center text-muted hover:text-ink max-md:w-11 coarse:w-11"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </span>
  );
}
