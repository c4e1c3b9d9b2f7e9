import { useTranslation } from "react-i18next";
import { type Stage, sums } from "./deal";

/** One clause per stage: how many deals, what they are worth, how many are hot or quiet. */
export function useStageSentence(currency: string): (stages: readonly Stage[]) => string {
  const { t, i18n } = useTranslation("translation", { keyPrefix: "sky" });
  const money = new Intl.NumberFormat(i18n.language || "en", { style: "currency", currency, maximumFractionDigits: 0 });
  return (stages) =>
    sums(stages)
      .map(({ name, count, value, hot, quiet }) => {
        const parts = [t("deals.stage", { stage: name, count, value: money.format(value) })];
        if (hot > 0) parts.push(t("deals.hot", { count: hot }));
        if (quiet > 0) parts.push(t("deals.quiet", { count: quiet }));
        return parts.join(", ");
      })
      .join("; ");
}
