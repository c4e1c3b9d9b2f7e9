import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { tagRuns } from "./data";

/** How far the contacts of renamed, merged and deleted tags are. Without any it takes no room. */
export function TagRuns() {
  const { t } = useTranslation();
  const formats = useFormats();
  const cache = useQueryClient();
  const { data: runs = [] } = useQuery(tagRuns);
  const before = useRef(0);
  useEffect(() => {
    // Contacts that are shown carry other names now.
    if (runs.length < before.current) void cache.invalidateQueries({ queryKey: ["contacts"] });
    before.current = runs.length;
  }, [runs.length, cache]);
  if (runs.length === 0) return null;
  return (
    <ul aria-label={t("contacts.tagRuns")} className="mt-3 flex flex-col gap-3">
      {runs.map(({ id, name, becomes, done, total }) => {
        // Until they are counted nobody knows how many there are; there is one at least.
        const of = total ?? 0;
        const words = of
          ? t("contacts.bulkProgress", { done: formats.count(Math.min(done, of)), of: formats.count(of) })
          : t("contacts.tagCounting");
        const label = becomes
          ? t("contacts.tagBecomes", { tag: name, into: becomes })
          : t("contacts.tagLeaves", { tag: name });
        return (
          <li key={id}>
            <div className="flex flex-wrap justify-between gap-x-3">
              <span className="min-w-0 break-words text-sm" dir="auto">
                {label}
              </span>
              <span className="num text-cap text-muted">{words}</span>
            </div>
            <progress
              aria-label={label}
              value={of ? Math.min(done, of) : undefined}
              max={of || 1}
              className="bulk-progress mt-1.5 block h-1 w-full"
            />
          </li>
        );
      })}
    </ul>
  );
}
