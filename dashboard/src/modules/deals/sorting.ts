import { useTranslation } from "react-i18next";
import type { SortedWords } from "@/ui/sorted";

/** How lists of this module are put in another order, in words. */
export function useSortedWords(): SortedWords {
  const { t } = useTranslation();
  return {
    how: t("deals.sort.how"),
    grip: (name) => t("deals.sort.grip", { name }),
    lifted: (name) => t("deals.sort.lifted", { name }),
    over: (n) => t("deals.sort.over", { n }),
    dropped: (n) => t("deals.sort.dropped", { n }),
    cancelled: t("deals.sort.cancelled"),
  };
}
