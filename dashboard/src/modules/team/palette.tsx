import { UserPlus } from "lucide-react";
import { may } from "@/app/may";
import type { Palette } from "@/modules/palette/parts";

export const palette: Palette = ({ me, t }) => ({
  order: 92,
  actions: may(me, "identity.members.write")
    ? [
        {
          id: "invite",
          label: t("team.inviteTitle"),
          also: t("team.members"),
          icon: <UserPlus />,
          to: "/settings/team?invite=true",
        },
      ]
    : [],
});
