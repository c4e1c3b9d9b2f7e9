import { Keyboard, Settings2, SunMoon } from "lucide-react";
import { switchTheme } from "@/app/display";
import { openHelp } from "@/shell/help-state";
import { asideOf, placesOf } from "@/shell/places";
import type { Palette } from "./parts";

/** Pages of the rail, and what can be done everywhere. */
export const palette: Palette = ({ me, t }) => ({
  order: 90,
  pages: [...placesOf(me), ...asideOf(me)].map(({ to, label, icon: Icon }) => ({
    id: `page:${to}`,
    label: t(`nav.${label}`),
    icon: <Icon />,
    to,
  })),
  actions: [
    { id: "theme", label: t("palette.theme"), icon: <SunMoon />, run: () => switchTheme() },
    { id: "shortcuts", label: t("keys.title"), icon: <Keyboard />, run: openHelp },
    { id: "density", label: t("palette.density"), icon: <Settings2 />, to: "/account" },
  ],
});
