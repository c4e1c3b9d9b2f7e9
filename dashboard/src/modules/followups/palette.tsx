import { Milestone, Radar } from "lucide-react";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => ({
  order: 26,
  pages: may(me, "followups.read")
    ? [
        { id: "radar", label: t("followups.radar.title"), icon: <Radar />, to: "/tasks/radar" },
        { id: "coming", label: t("followups.coming.title"), icon: <Milestone />, to: "/tasks/follow-ups" },
      ]
    : [],
});
