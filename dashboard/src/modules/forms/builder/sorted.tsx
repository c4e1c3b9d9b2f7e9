import { useTranslation } from "react-i18next";
import { Sorted as Any, type SortedProps } from "@/ui/sorted";

/** A short list of the builder that can be put in another order. */
export function Sorted(props: SortedProps) {
  const { t } = useTranslation();
  const words = {
    how: t("forms.say.howToDrag"),
    grip: (field: string) => t("forms.drag", { field }),
    lifted: (field: string) => t("forms.say.lifted", { field }),
    over: (n: number) => t("forms.say.over", { n }),
    dropped: (n: number) => t("forms.say.dropped", { n }),
    cancelled: t("forms.say.cancelled"),
  };
  return <Any {...props} words={words} />;
}
