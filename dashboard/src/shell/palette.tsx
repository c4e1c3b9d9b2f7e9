import { Dialog as Base } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus, Search, SunMoon, UserRound } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { type Me, may } from "@/app/may";
import { toggleTheme } from "@/app/theme";
import { Avatar } from "@/ui/avatar";
import { Kbd } from "./page";
import { closePalette } from "./palette-state";
import { ASIDE, placesOf } from "./places";
import { matches } from "./search";

interface Option {
  id: string;
  group: string;
  label: string;
  note?: string;
  icon: ReactNode;
  run: () => void;
}

/** One field: people first, then pages, then what can be done. */
export function Palette({ me }: { me: Me }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const list = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const words = useDeferredValue(query.replace(/^[>#@]/, "").trim());
  const only = /^[>@]/.exec(query)?.[0];
  const found = useContacts(words, may(me, "contacts.read") && only !== ">");

  const go = (run: () => void) => () => {
    closePalette();
    run();
  };
  const pages: Option[] = [...placesOf(me), ...ASIDE].map(({ to, label, icon: Icon }) => ({
    id: to,
    group: t("palette.pages"),
    label: t(`nav.${label}`),
    icon: <Icon />,
    run: go(() => void navigate({ to })),
  }));
  const actions: Option[] = [
    ...(may(me, "contacts.write")
      ? [
          {
            id: "new-contact",
            label: t("palette.newContact"),
            icon: <Plus />,
            run: go(() => void navigate({ to: "/contacts", search: { new: true } })),
          },
        ]
      : []),
    ...(may(me, "tenants.clients.write") && me.tenant.kind === "agency"
      ? [
          {
            id: "new-client",
            label: t("palette.newClient"),
            icon: <Plus />,
            run: go(() => void navigate({ to: "/clients", search: { new: true } })),
          },
        ]
      : []),
    { id: "theme", label: t("palette.theme"), icon: <SunMoon />, run: go(() => void toggleTheme()) },
  ].map((action) => ({ ...action, group: t("palette.actions") }));
  const people: Option[] = (words && only !== ">" ? found : []).map((contact) => ({
    id: contact.id,
    group: t("palette.contacts"),
    label: contact.display_name,
    note: contact.company_name ?? contact.email ?? undefined,
    icon: <Avatar name={contact.display_name} id={contact.id} size="sm" />,
    run: go(() => void navigate({ to: "/contacts/$id", params: { id: contact.id } })),
  }));
  const fits = ({ label }: Option) => matches(label, words);
  const options = [
    ...people,
    ...(only === "@" ? [] : [...(only === ">" ? [] : pages.filter(fits)), ...actions.filter(fits)]),
  ];
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

  const field = useRef<HTMLInputElement>(null);
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
                  <span className="min-w-0 truncate">{option.label}</span>
                  {option.note && (
                    <span className="ms-auto max-w-[45%] truncate ps-3 text-[12.5px] text-muted">{option.note}</span>
                  )}
                </div>
              </div>
            ))}
            {options.length === 0 && (
              <p role="status" className="flex items-center gap-3 px-[18px] py-6 text-sm text-muted">
                <UserRound aria-hidden="true" className="size-4" />
                {t("palette.nothing", { query: words })}
              </p>
            )}
          </div>
          <footer
            aria-hidden="true"
            className="flex items-center gap-4 border-line border-t px-[18px] py-2.5 text-cap text-muted max-md:hidden"
          >
            <span className="flex items-center gap-1">
              <Kbd>↑</Kbd>
              <Kbd>↓</Kbd> {t("palette.move")}
            </span>
            <span className="flex items-center gap-1">
              <Kbd>↵</Kbd> {t("palette.choose")}
            </span>
            <Kbd className="ms-auto">esc</Kbd>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The people closest to the words; what was found before stays until the next answer. */
function useContacts(words: string, wanted: boolean) {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words), 120);
    return () => clearTimeout(timer);
  }, [words]);
  const { data } = useQuery({
    queryKey: ["contacts", "palette", settled],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts", { params: { query: { q: settled, limit: 6 } }, signal })),
    enabled: wanted && settled.length > 0,
    placeholderData: (before) => before,
  });
  return data?.items ?? [];
}
