import { CircleAlert, CircleCheck, CirclePause, Moon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Chip } from "@/ui/chip";
import type { Client } from "./data";

export function Health({ client }: { client: Client }) {
  const { t } = useTranslation();
  switch (client.health) {
    case "good":
      return (
        <Chip tone="success">
          <CircleCheck aria-hidden="true" />
          {t("client.good")}
        </Chip>
      );
    case "idle":
      return (
        <Chip>
          <Moon aria-hidden="true" />
          {t("client.idle")}
        </Chip>
      );
    case "stopped":
      return (
        <Chip tone="danger">
          <CirclePause aria-hidden="true" />
          {t("client.stopped")}
        </Chip>
      );
    default:
      return (
        <Chip tone="warning">
          <CircleAlert aria-hidden="true" />
          {t("client.attention")}
        </Chip>
      );
  }
}
