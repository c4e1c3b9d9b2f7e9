import { clsx } from "clsx";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { withWords } from "@/i18n/words";
import { Avatar } from "@/ui/avatar";
import { Popover } from "@/ui/popover";
import { SkeletonRows } from "@/ui/states";
import type { Contact } from "../contacts/data";

const Reasons = lazy(async () => ({ default: (await withWords(["scores"], import("./reasons"))).Reasons }));

const RADIUS = 39;
const ROUND = 2 * Math.PI * RADIUS;

/** Who it is, within an arc as long as the score; the number opens the reasons. */
export function ScoreRing({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const reads = useMay("scores.read");
  const [open, setOpen] = useState(false);
  const { score, band } = contact;
  return (
    <div className="relative -ms-1.5 mb-3 grid size-24 shrink-0 place-items-center max-md:mb-0 max-md:size-21">
      <svg viewBox="0 0 96 96" aria-hidden="true" className="absolute inset-0 -rotate-90 fill-none stroke-[2.5]">
        {/* A scale of sixty marks. */}
        <circle
          cx="48"
          cy="48"
          r="43"
          pathLength="240"
          strokeDasharray="1.2 2.8"
          strokeWidth="1"
          className="stroke-line-2"
        />
        <circle cx="48" cy="48" r={RADIUS} className="stroke-line" />
        {score > 0 && (
          <circle
            cx="48"
            cy="48"
            r={RADIUS}
            strokeLinecap="round"
            strokeDasharray={`${(ROUND * score) / 100} ${ROUND}`}
            className={band === "cold" ? "stroke-line-2" : "stroke-accent"}
          />
        )}
      </svg>
      <Avatar name={contact.display_name} id={contact.id} size="xl" className="max-md:size-14" />
      {reads && !contact.deleted_at && (
        <span className="absolute end-0 bottom-1 max-md:-end-1 max-md:bottom-0">
          <Popover
            label={t("contacts.score")}
            align="start"
            open={open}
            onOpenChange={setOpen}
            trigger={
              <button
                type="button"
                aria-label={t("contacts.scoreOf", {
                  score: formats.count(score),
                  band: t(`contacts.bands.${band}`),
                })}
                className={clsx(
                  "num relative grid h-6 min-w-7 place-items-center rounded-full px-1.5 text-[12.5px] font-[680] shadow-[0_0_0_3px_var(--void)] after:absolute after:-inset-x-2.5 after:-top-7 after:-bottom-0.5",
                  band === "cold"
                    ? "border border-line-2 bg-surface hover:border-control"
                    : "bg-accent text-on-accent hover:bg-accent-hover",
                )}
              >
                {formats.count(score)}
              </button>
            }
          >
            <Suspense fallback={<SkeletonRows rows={4} />}>
              <Reasons contact={contact.id} />
            </Suspense>
          </Popover>
        </span>
      )}
    </div>
  );
}
