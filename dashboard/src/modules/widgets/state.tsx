import { CircleCheck, CirclePause, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Chip } from "@/ui/chip";
import type { Widget } from "./data";

/** Off, on but nowhere, or on: colour confirms the word. */
export function WidgetState({ widget }: { widget: Widget }) {
  const { t } = useTranslation();
  if (!widget.enabled)
    return (
      <Chip>
        <CirclePause aria-hidden="true" />
        {t("widgets.off")}
      </Chip>
    );
  if (widget.websites === 0)
    return (
      <Chip tone="warning">
        <TriangleAlert aria-hidden="true" />
        {t("widgets.on")}
      </Chip>
    );
  return (
    <Chip tone="success">
      <CircleCheck aria-hidden="true" />
      {t("widgets.on")}
    </Chip>
  );
}
