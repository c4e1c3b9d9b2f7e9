import { ArrowLeftRight, Keyboard, Settings2, SunMoon } from "lucide-react";
import { switchTheme } from "@/app/display";
import { openHelp } from "@/shell/help-state";
import { asideOf, placesOf } from "@/shell/places";
import { workIn } from "@/shell/tenants";
import { sayThrown } from "@/i18n/problems";
import { sayError } from "@/ui/toast";
import type { Palette } from "./parts";

/** Other accounts that are offered without a word. */
const NEAR = 4;

/** Pages of the rail, and what can be done everywhere. */
export const palette: Palette = ({ me, t, cache, go }) => ({
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
    ...me.memberships
      .filter(({ tenant }) => tenant !== me.tenant.id)
      .map(({ tenant, name, kind }, index) => ({
        id: `switch:${tenant}`,
        label: t("palette.workIn", { name }),
        note: t(kind === "agency" ? "nav.agency" : "nav.clientOf"),
        icon: <ArrowLeftRight />,
        run: () =>
          void workIn(tenant, cache, () => go("/")).catch((error) => sayError(t("nav.switchTo"), sayThrown(error))),
        ...(index >= NEAR && { quiet: true as const }),
      })),
  ],
});
