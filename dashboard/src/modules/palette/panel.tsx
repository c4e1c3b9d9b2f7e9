import { Dialog as Base } from "@base-ui/react/dialog";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { History, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { Kbd, modifier } from "@/ui/kbd";
import { closePalette } from "@/shell/palette-state";
import { useFound } from "./found";
import { Line } from "./line";
import { type Item, loadParts } from "./parts";
import { near, queryOf } from "./query";
import { recent, remember } from "./recent";

const parts = {
  queryKey: ["palette", "parts"],
  queryFn: loadParts,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
};

/** One field for everything: records first, then pages, then what can be done; a page whose name was typed before all. */
export function Palette({ me }: { me: Me }) {
  const { t } = useTranslation();
  const router = useRouter();
  const cache = useQueryClient();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  // Single keys are words until somebody has moved to a line.
  const [moved, setMoved] = useState(false);
  const loaded = useQuery(parts).data;
  const brought = useMemo(() => {
    const all = (loaded ?? []).map((part) => part({ me, t, cache, go: (to) => router.history.push(to) }));
    return all.sort((a, b) => (a.order ?? 50) - (b.order ?? 50));
  }, [loaded, me, t, cache, router]);
  const query = queryOf(typed);
  const sources = brought.flatMap((part) => part.sources ?? []);
  const { found, failed, waiting } = useFound(query, sources, me.tenant.id);
  const { pages, named, actions } = near(query, brought);
  const before = typed.trim() === "" ? recent(me.tenant.id) : [];
  const inPages = { group: t("palette.pages"), items: pages };
  const groups = [
    { group: t("palette.recent"), items: before.map((kept): Item => ({ ...kept, icon: <History /> })) },
    ...(named ? [inPages, ...found] : [...found, inPages]),
  ].filter(({ items }) => items.length > 0);
  const top = groups.flatMap(({ items }) => items)[at];
  const about = top ? brought.flatMap((part) => part.about?.(top) ?? []) : [];
  const seen = new Set(about.map(({ id }) => id));
  const doing = [...about, ...actions.filter(({ id }) => !seen.has(id))];
  if (doing.length > 0) groups.push({ group: t("palette.actions"), items: doing });
  const lines = groups.flatMap(({ items }) => items);
  const chosen = lines[Math.min(at, lines.length - 1)];

  useEffect(() => {
    if (chosen) document.getElementById(`${list}-${chosen.id}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, list]);

  const take = (item: Item, apart = false) => {
    if (item.to) remember(me.tenant.id, { ...item, to: item.to });
    if (item.to && apart) return void window.open(item.to, "_blank", "noopener");
    closePalette();
    if (item.to) router.history.push(item.to);
    else item.run?.();
  };
  const go = (to: number) => {
    setMoved(true);
    setAt((to + lines.length) % lines.length);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || lines.length === 0) return;
    const here = Math.min(at, lines.length - 1);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: lines.length - 1, PageUp: 0 }[event.key];
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const hinted = moved && plain ? lines.find((item) => item.press === event.key.toLowerCase()) : undefined;
    if (to !== undefined) go(to);
    else if (event.key === "Enter" && chosen) take(chosen, event.ctrlKey || event.metaKey);
    else if (hinted) take(hinted);
    else return;
    event.preventDefault();
  };
  let index = -1;
  return (
    <Base.Root open onOpenChange={(open) => !open && closePalette()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-70 bg-scrim" />
        <Base.Popup
          initialFocus={field}
          aria-label={t("palette.label")}
          className="glass fixed inset-x-0 top-[12vh] z-75 mx-auto flex max-h-[70vh] w-[620px] max-w-[calc(100vw-24px)] flex-col overflow-hidden rounded-[20px] border border-line-2 shadow-3 outline-none max-md:top-[calc(12px+var(--banner))] max-md:max-h-[calc(100dvh-24px-var(--banner))]"
        >
          <div className="flex items-center gap-3 border-line border-b px-[18px]">
            <Search aria-hidden="true" className="size-[18px] text-muted" />
            <input
              ref={field}
              role="combobox"
              aria-expanded={lines.length > 0}
              aria-autocomplete="list"
              aria-controls={list}
              aria-activedescendant={chosen && `${list}-${chosen.id}`}
              aria-label={t("palette.label")}
              aria-describedby={`${list}-help`}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              maxLength={110}
              placeholder={t("palette.placeholder")}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
                setMoved(false);
              }}
              onKeyDown={press}
              className="h-14 min-w-0 flex-1 bg-transparent text-[16px] outline-none placeholder:text-muted"
            />
          </div>
          <p id={`${list}-help`} className="sr-only">
            {t("palette.help")}
          </p>
          <div id={list} role="listbox" aria-label={t("palette.label")} className="min-h-0 flex-1 overflow-y-auto pb-2">
            {groups.map(({ group, items }) => (
              // biome-ignore lint/a11y/useSemanticElements: a list box has groups, not field sets
              <div key={group} role="group" aria-label={group}>
                <p aria-hidden="true" className="px-[18px] pt-3 pb-1 text-[11.5px] font-[560] text-muted">
                  {group}
                </p>
                {items.map((item) => {
                  index += 1;
                  const own = index;
                  return (
                    <Line
                      key={item.id}
                      id={`${list}-${item.id}`}
                      item={item}
                      words={query.words}
                      chosen={item === chosen}
                      onPoint={() => own !== at && setAt(own)}
                      onTake={(apart) => take(item, apart)}
                    />
                  );
                })}
              </div>
            ))}
          </div>
          <p role="status" className="text-sm text-muted">
            {lines.length === 0 && !waiting && loaded && (
              <span className="block px-[18px] pt-2 pb-6">
                {failed ? t("error.unreachable") : t("palette.nothing", { query: query.words })}
              </span>
            )}
            <span className="sr-only">
              {!waiting && lines.length > 0 && t("palette.count", { count: lines.length })}
            </span>
          </p>
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
            <span className="flex items-center gap-1">
              <Kbd>{modifier().trim()}</Kbd>
              <Kbd>↵</Kbd> {t("palette.apart")}
            </span>
            <span className="flex items-center gap-1">
              <Kbd>&gt;</Kbd> {t("palette.onlyActions")}
            </span>
            <span className="flex items-center gap-1">
              <Kbd>@</Kbd> {t("palette.onlyPeople")}
            </span>
            <span className="flex items-center gap-1">
              <Kbd>#</Kbd> {t("palette.onlyTags")}
            </span>
            <Kbd className="ms-auto">esc</Kbd>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
