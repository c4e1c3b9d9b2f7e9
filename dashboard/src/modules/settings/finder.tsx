import { clsx } from "clsx";
import { Search, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { find, type Found, type SectionId, sectionsOf, type Told } from "./sections";

/** What the words of the reader mean among the sections his roles reach. */
export function useFound(query: string): Found[] {
  const { t } = useTranslation();
  const me = useMe();
  return useMemo(() => {
    const tell = (id: SectionId): Told => t(`settings.sections.${id}`, { returnObjects: true });
    return find(sectionsOf(me), tell, query);
  }, [me, query, t]);
}

export function Field(props: {
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  field?: RefObject<HTMLInputElement | null>;
  large?: boolean;
  className?: string;
}) {
  const { t } = useTranslation();
  const { value, onChange, large } = props;
  return (
    <span className={clsx("relative block shrink-0", props.className)}>
      <Search aria-hidden="true" className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-muted" />
      <input
        ref={props.field}
        type="search"
        aria-label={t("settings.search")}
        placeholder={t("settings.search")}
        value={value}
        maxLength={100}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            event.preventDefault();
            onChange("");
          }
          props.onKeyDown?.(event);
        }}
        className={clsx(
          "w-full rounded-control border border-line-2 bg-surface ps-9 pe-8 placeholder:text-muted hover:border-control max-md:h-11 max-md:text-[16px] [&::-webkit-search-cancel-button]:hidden",
          large ? "h-11 text-base" : "h-[34px] text-sm",
        )}
      />
      {value && (
        <button
          type="button"
          aria-label={t("action.clear")}
          onClick={() => onChange("")}
          className="absolute inset-y-0 end-0 grid w-9 place-items-center text-muted hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </span>
  );
}
