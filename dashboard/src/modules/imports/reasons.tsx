import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import type { Reason } from "./data";

/** Why a row does not come in, in the reader's language. */
export function useReason() {
  const { t } = useTranslation();
  return (reason: string) =>
    i18next.exists(`imports.reason.${reason}`)
      ? t(`imports.reason.${reason}` as "imports.reason.exists")
      : sayProblem(reason);
}

/** Why rows do not come in, the most frequent first. */
export function Reasons({ items }: { items: Reason[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const say = useReason();
  if (items.length === 0) return null;
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-sm font-semibold">{t("imports.why")}</h3>
      <ul className="divide-y divide-line text-[13.5px]">
        {items.map(({ reason, column, count, first_line }) => (
          <li key={`${reason}/${column}`} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-2">
            <span className="min-w-0 flex-1 basis-60">
              {say(reason)}
              {column && (
                <span className="text-muted">
                  {" · "}
                  <bdi>{column}</bdi>
                </span>
              )}
            </span>
            <span className="num text-muted">
              {t("imports.reasonRows", { count, line: formats.count(first_line) })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
