import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LeftRow } from "@/modules/runs/left";
import { IconButton } from "@/ui/button";
import type { Left } from "./work";

/** Which deals a change left alone, with the way to each and the reason; over the rows, so that nothing moves. */
export function Stayed({ rows, onClose }: { rows: readonly Left[]; onClose: () => void }) {
  const { t } = useTranslation();
  const title = t("deals.bulk.stayed", { count: rows.length });
  return (
    <section
      aria-label={title}
      className="absolute inset-x-0 bottom-20 z-10 mx-auto w-fit min-w-72 max-w-[calc(100%-32px)] rounded-[14px] border border-line-2 bg-overlay py-2 ps-4 pe-1.5 shadow-3 max-md:max-w-[calc(100%-16px)]"
    >
      <div className="flex items-center gap-2">
        <p role="status" className="flex-1 text-sm font-[570]">
          {title}
        </p>
        <IconButton label={t("action.close")} onClick={onClose}>
          <X />
        </IconButton>
      </div>
      <ul className="max-h-44 overflow-y-auto pe-2.5 text-[13.5px]">
        {rows.map(({ deal, deal_title, ...row }) => (
          <LeftRow key={row.place} of="deals" row={{ ...row, id: deal, name: deal_title }} code={row.reason} />
        ))}
      </ul>
    </section>
  );
}
