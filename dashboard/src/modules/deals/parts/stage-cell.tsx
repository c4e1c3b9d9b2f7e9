import { ChevronDown } from "lucide-react";
import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import { Menu, MenuGroup, MenuItem, MenuLabel } from "@/ui/menu";
import type { Deal, Pipeline } from "../data";

/** Takes a deal to the top of a stage. */
export type Go = (deal: Deal, stage: { id: string; name: string }) => void;
/** How deals of a table move; nobody moves them where there is no way. */
export const GoContext = createContext<Go | undefined>(undefined);

/** Where an open deal stands, and the way to the other stages of its pipeline. */
export function StageCell({ deal, line, named }: { deal: Deal; line: Pipeline | undefined; named: boolean }) {
  const { t } = useTranslation();
  const go = useContext(GoContext);
  const stage = line?.stages.find(({ id }) => id === deal.stage);
  const words = named && stage ? `${line?.name}: ${stage.name}` : stage?.name;
  if (!go || !line) return <bdi>{words}</bdi>;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={t("deals.stageOf", { title: deal.title, stage: words ?? "" })}
          className="reach inline-flex min-h-7 max-w-full items-center gap-1 rounded-[6px] text-start hover:text-ink"
        >
          <bdi className="min-w-0 truncate">{words}</bdi>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuGroup>
        <MenuLabel>{t("deals.moveTo")}</MenuLabel>
        {line.stages
          .filter(({ id }) => id !== deal.stage)
          .map((each) => (
            <MenuItem key={each.id} writes onClick={() => go(deal, each)}>
              {each.name}
            </MenuItem>
          ))}
      </MenuGroup>
    </Menu>
  );
}
