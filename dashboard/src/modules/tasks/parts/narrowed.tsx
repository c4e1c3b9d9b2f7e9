import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import type { TasksSearch } from "../address";
import { dayWords } from "../when";

/** What a figure or a link narrowed the list by: said beside the filters, and taken off at once. */
export function Narrowed(props: {
  search: TasksSearch;
  members: ReadonlyMap<string, string>;
  onChange: (next: Partial<TasksSearch>) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { completion, doer, since, before, from, until } = props.search;
  const day = (key: string) => dayWords(key, formats.locale);
  const first = from ?? (since && formats.dayKey(since));
  // What is due before the end of a day is due on that day.
  const last = until ?? (before && formats.dayKey(new Date(Date.parse(before) - 1)));
  const words = [
    completion && t(`tasks.figures.${completion}`),
    doer && (doer === "nobody" ? t("tasks.figures.nobody") : (props.members.get(doer) ?? "…")),
    first && last
      ? t("tasks.due.within", { from: day(first), until: day(last) })
      : first
        ? t("tasks.due.from", { day: day(first) })
        : last && t("tasks.due.until", { day: day(last) }),
  ].filter((word): word is string => Boolean(word));
  if (words.length === 0) return null;
  const said = words.join(" · ");
  return (
    <Button
      size="small"
      icon={<X />}
      aria-label={`${t("action.clear")}: ${said}`}
      onClick={() =>
        props.onChange({
          ...{ completion: undefined, doer: undefined, since: undefined, before: undefined },
          ...{ from: undefined, until: undefined },
        })
      }
      className="shrink-0"
    >
      <bdi>{said}</bdi>
    </Button>
  );
}
