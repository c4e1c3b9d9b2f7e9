import { FileChartColumn } from "lucide-react";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => ({
  order: 28,
  pages: may(me, "reports.read")
    ? [{ id: "/reports", label: t("reports.title"), icon: <FileChartColumn />, to: "/reports" }]
    : [],
  actions: [],
});
