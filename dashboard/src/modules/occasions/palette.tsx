import { Gift, Plus } from "lucide-react";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => {
  const greets = may(me, "occasions.greetings.read");
  return {
    order: 26,
    pages: greets
      ? [{ id: "/occasions/greetings", label: t("occasions.greetings"), icon: <Gift />, to: "/occasions/greetings" }]
      : [],
    actions: may(me, "occasions.greetings.write")
      ? [
          {
            id: "new-greeting",
            label: t("occasions.newGreeting"),
            icon: <Plus />,
            to: "/occasions/greetings?new=true",
          },
        ]
      : [],
  };
};
