import { Dialog as Base } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, Search, SunMoon } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toggleTheme } from "@/app/theme";
import { openHelp } from "@/shell/help-state";
import { closePalette } from "@/shell/palette-state";
import { matches } from "@/shell/search";
import { Avatar } from "@/ui/avatar";
import { admin, ok } from "./api";
import { PLACES } from "./places";
import { useSignOut } from "./sign-out";

interface Option {
  id: string;
  group: string;
  label: string;
  note?: string;
  icon: ReactNode;
  run: () => void;
}

/** One field: accounts first, then pages, then what can be done. */
export function Jump() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { mutate: signOut } = useSignOut();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const words = query.replace(/^>/, "").trim();
  const found = useAccounts(query.startsWith(">") ? "" : words);
  const go = (run: () => void) => () => {
    closePalette();
    run();
  };
  const accounts: Option[] = found.map((one) => ({
    id: one.id,
    group: t("admin.accounts"),
    label: one.name,
    note: one.parent_name ?? (one.kind === "agency" ? t("admin.agency") : undefined),
    icon: <Avatar name={one.name} id={one.id} square size="sm" />,
    run: go(() => void navigate({ to: "/admin/accounts/$id", params: { id: one.id } })),
  }));
  const pages: Option[] = PLACES.map(({ to, label, icon: Icon }) => ({
    id: to,
    group: t("palette.pages"),
    label: t(`admin.nav.${label}`),
    icon: <Icon />,
    run: go(() => void navigate({ to })),
  }));
  const actions: Option[] = [
    { id: "theme", label: t("palette.theme"), icon: <SunMoon />, run: go(() => void toggleTheme()) },
    { id: "keys", label: t("keys.title"), icon: <Keyboard />, run: go(openHelp) },
    { id: "out", label: t("nav.signOut"), icon: <LogOut />, run: go(() => signOut()) },
  ].map((action) => ({ ...action, group: t("palette.actions") }));
  const fits = ({ label }: Option) => matches(label, words);
  const options = [...accounts, ...(query.startsWith(">") ? [] : pages.filter(fits)), ...actions.filter(fits)];
  const chosen = options[Math.min(at, options.length - 1)];
  useEffect(() => {
    if (chosen) document.getElementById(`${list}-${chosen.id}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, list]);
  const press = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && options.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, options.length - 1) + move + options.length) % options.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      chosen?.run();
    }
  };
  return (
    <Base.Root open onOpenChange={(open) => !open && closePalette()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-70 bg-scrim" />
        <Base.Popup
          initialFocus={field}
          aria-label={t("palette.label")}
          className="glass fixed inset-x-0 top-[12vh] z-75 mx-auto flex max-h-[70vh] w-[620px] max-w-[calc(100vw-24px)] flex-col overflow-hidden rounded-[20px] border border-line-2 shadow-3 outline-none"
        >
          <div className="flex items-center gap-3 border-line border-b px-[18px]">
            <Search aria-hidden="true" className="size-[18px] text-muted" />
            <input
              ref={field}
              role="combobox"
              aria-expanded="true"
              aria-controls={list}
              aria-activedescendant={chosen && `${list}-${chosen.id}`}
              aria-label={t("palette.label")}
              autoComplete="off"
              spellCheck={false}
              value={query}
              placeholder={t("palette.placeholder")}
              onChange={(event) => {
                setQuery(event.target.value);
                setAt(0);
              }}
              onKeyDown={press}
              className="h-14 min-w-0 flex-1 bg-transparent text-[16px] outline-none placeholder:text-muted"
            />
          </div>
          <div id={list} role="listbox" aria-label={t("palette.label")} className="min-h-0 flex-1 overflow-y-auto pb-2">
            {options.map((option, index) => (
              <div key={option.id} role="presentation">
                {option.group !== options[index - 1]?.group && (
                  <p aria-hidden="true" className="px-[18px] pt-3 pb-1 text-[11.5px] font-[560] text-muted">
                    {option.group}
                  </p>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
                <div
                  id={`${list}-${option.id}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={option === chosen}
                  onClick={option.run}
                  onPointerMove={() => setAt(index)}
                  className="mx-2 flex cursor-pointer items-center gap-3 rounded-control px-2.5 py-[9px] text-[14px] aria-selected:bg-selected coarse:min-h-11 [&_svg]:size-[18px] [&_svg]:stroke-[1.75] [&_svg]:text-muted"
                >
                  {option.icon}
                  <bdi className="min-w-0 truncate">{option.label}</bdi>
                  {option.note && (
                    <bdi className="ms-auto max-w-[45%] truncate ps-3 text-[12.5px] text-muted">{option.note}</bdi>
                  )}
                </div>
              </div>
            ))}
            {options.length === 0 && (
              <p role="status" className="px-[18px] py-6 text-sm text-muted">
                {t("palette.nothing", { query: words })}
              </p>
            )}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The accounts whose names fit; what was found before stays until the next answer. */
function useAccounts(words: string) {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words), 150);
    return () => clearTimeout(timer);
  }, [words]);
  const { data } = useQuery({
    queryKey: ["admin", "accounts", "jump", settled],
    queryFn: async ({ signal }) => {
      const params = { query: { search: settled, limit: 5 } };
      const [agencies, clients] = await Promise.all([
        ok(admin.GET("/v1/agencies", { params, signal })),
        ok(admin.GET("/v1/clients", { params, signal })),
      ]);
      return [...agencies.items, ...clients.items];
    },
    enabled: settled.length > 0,
    placeholderData: (before) => before,
  });
  return settled && words ? (data ?? []) : [];
}
