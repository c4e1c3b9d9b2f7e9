import { useTranslation } from "react-i18next";
import { useMedia } from "@/ui/media";
import { Later, Skeleton } from "@/ui/states";

/** Cards in each lane, fewer towards the sun, as on most boards. */
const LANES = [3, 3, 2, 2, 1];

/** A board that is on its way: its strip, its lanes and their cards. */
export function BoardComing() {
  const { t } = useTranslation();
  const phone = useMedia("(max-width: 767px)");
  const tracks = { gridTemplateColumns: `repeat(${LANES.length}, minmax(0, 1fr))` };
  return (
    <div role="status" aria-label={t("state.loading")} className="min-h-0 flex-1 overflow-hidden">
      <Later>
        <div className="md:rounded-panel md:border md:border-line md:bg-sunken">
          <div className="grid h-28 border-line border-b" style={tracks}>
            {LANES.map((_, lane) => (
              <div key={lane} className="px-4 pt-5">
                <Skeleton className="h-3 w-16" />
                <Skeleton className="mt-3 h-5 w-24 max-md:hidden" />
              </div>
            ))}
          </div>
          <div className="grid" style={phone ? undefined : tracks}>
            {(phone ? LANES.slice(0, 1) : LANES).map((cards, lane) => (
              <div key={lane} className="flex min-w-0 flex-col gap-2 border-line p-2 not-first:border-s max-md:px-4">
                {Array.from({ length: cards }, (_, card) => (
                  <div key={card} className="h-[118px] rounded-[14px] border border-line bg-surface px-3 py-3">
                    <Skeleton className="h-3 w-24" />
                    <Skeleton className="mt-4 h-3 w-16" />
                  </div>
                ))}
              </div>
            ))}
          </div>
        </div>
      </Later>
    </div>
  );
}
