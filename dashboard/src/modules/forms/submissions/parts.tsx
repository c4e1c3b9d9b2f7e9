import { ShieldQuestion, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Chip } from "@/ui/chip";

export function SubmissionChip({ state }: { state: string }) {
  const { t } = useTranslation();
  if (state === "quarantined")
    return (
      <Chip tone="sun">
        <ShieldQuestion aria-hidden="true" />
        {t("forms.answerState.quarantined")}
      </Chip>
    );
  if (state === "spam")
    return (
      <Chip tone="danger">
        <Trash2 aria-hidden="true" />
        {t("forms.answerState.spam")}
      </Chip>
    );
  return <Chip tone="success">{t("forms.answerState.received")}</Chip>;
}
