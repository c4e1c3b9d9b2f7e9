import { History } from "lucide-react";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => {
  const label = t("activities.logged");
  const to = `/reports/rows?list=activities&what=${encodeURIComponent(label)}`;
  return {
    order: 27,
    pages: may(me, "activities.read") ? [{ id: "activities", label, icon: <History />, to }] : [],
  };
};
