import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { Button } from "@/ui/button";
import { PlainLink } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { Field, useFound } from "./finder";
import { type Found, GROUPS } from "./sections";

/** Everything that can be set, to be found by the name of a page or of a field on it. */
export function SettingsIndex() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { q = "" } = useSearch({ from: "/shell/settings/" });
  const [typed, setTyped] = useState(q);
  const query = useDeferredValue(typed);
  const found = useFound(query);
  const box = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: "/", label: t("settings.search"), run: () => box.current?.focus() }]);
  const change = (next: string) => {
    setTyped(next);
    // Kept in the address, so that the way back finds the same list.
    void navigate({ to: "/settings", search: { q: next || undefined }, replace: true });
  };
  const searching = query.trim() !== "";
  const groups = GROUPS.map((group) => ({ group, own: found.filter(({ section }) => section.group === group) }));
  return (
    <div className="mx-auto max-w-[1080px] px-7 pt-4 pb-12 max-md:px-4 max-md:pt-2">
      <Field
        field={box}
        large
        value={typed}
        onChange={change}
        className="mb-5 md:max-w-[calc(50%-8px)]"
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key === "Enter" && first && searching) void navigate({ to: first.section.to });
        }}
      />
      {found.length === 0 ? (
        <Panel bare>
          <Empty
            title={t("settings.none", { query: query.trim() })}
            actions={<Button onClick={() => change("")}>{t("action.clear")}</Button>}
          >
            {t("settings.noneText")}
          </Empty>
        </Panel>
      ) : searching ? (
        <Panel bare label={t("settings.search")} className="max-w-[760px]">
          <Rows found={found} searching />
        </Panel>
      ) : (
        <div className="gap-4 md:columns-2 [&>*]:mb-4 [&>*]:break-inside-avoid">
          {groups.map(
            ({ group, own }) =>
              own.length > 0 && (
                <Panel key={group} title={t(`settings.groups.${group}`)} flush>
                  <Rows found={own} />
                </Panel>
              ),
          )}
        </div>
      )}
    </div>
  );
}

function Rows({ found, searching }: { found: readonly Found[]; searching?: boolean }) {
  return (
    <ul className="divide-y divide-line pb-1">
      {found.map(({ section: { id, to, icon: Icon }, told, fields }) => (
        <li key={id}>
          <PlainLink
            to={to}
            className="group flex min-h-[57px] items-center gap-3 px-[18px] py-2 hover:bg-hover max-md:px-4"
          >
            <span
              aria-hidden="true"
              className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 group-hover:text-accent-text [&_svg]:size-4 [&_svg]:stroke-[1.75]"
            >
              <Icon />
            </span>
            <span className="min-w-0 flex-1">
              <b className="block text-[13.5px] font-[590]">{told.title}</b>
              <span className="block text-[12.5px] leading-[1.35] text-pretty text-muted">
                {searching && fields.length > 0 ? fields.join(", ") : told.text}
              </span>
            </span>
            <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted rtl:-scale-x-100" />
          </PlainLink>
        </li>
      ))}
    </ul>
  );
}
