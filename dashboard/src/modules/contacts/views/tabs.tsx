import { Tabs } from "@base-ui/react/tabs";
import { useTranslation } from "react-i18next";
import type { BuiltIn } from "../search";
import type { SavedView } from "../../views/data";

const BUILT_IN: readonly BuiltIn[] = ["all", "open", "won", "deleted"];
const WORD = { all: "viewAll", open: "viewOpen", won: "viewWon", deleted: "viewDeleted" } as const;

/** The views of the list; a planet stands under the one that is shown. */
export function ViewTabs(props: { view: string; views: readonly SavedView[]; onView: (view: string) => void }) {
  const { t } = useTranslation();
  const tab =
    "flex h-[38px] shrink-0 items-center gap-1.5 whitespace-nowrap px-2.5 text-sm font-[500] text-muted hover:text-ink data-[active]:font-[590] data-[active]:text-ink max-md:h-11";
  return (
    <Tabs.Root value={props.view} onValueChange={(next) => props.onView(next as string)} className="min-w-0">
      <Tabs.List
        aria-label={t("contacts.views")}
        activateOnFocus={false}
        className="relative flex overflow-x-auto overflow-y-hidden pb-[5px] [scrollbar-width:none]"
      >
        {BUILT_IN.map((view) => (
          <Tabs.Tab key={view} value={view} className={tab}>
            {t(`contacts.${WORD[view]}`)}
          </Tabs.Tab>
        ))}
        {props.views.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id} className={tab}>
            <bdi className="max-w-48 truncate">{name}</bdi>
          </Tabs.Tab>
        ))}
        <Tabs.Indicator className="absolute bottom-px start-[calc(var(--active-tab-left)+var(--active-tab-width)/2-3.5px)] size-[7px] rounded-full bg-accent shadow-[0_0_0_3px_var(--void)] transition-[inset-inline-start] duration-420 ease-transfer rtl:start-auto rtl:left-[calc(var(--active-tab-left)+var(--active-tab-width)/2-3.5px)]" />
      </Tabs.List>
    </Tabs.Root>
  );
}
