import type { Palette } from "@/modules/palette/parts";
import { sectionsOf } from "./sections";

/** Every page of the settings that the person reaches, found by what it is called and by what stands on it. */
export const palette: Palette = ({ me, t }) => ({
  order: 95,
  pages: sectionsOf(me).map(({ id, to, icon: Icon }) => ({
    id: `page:${to}`,
    label: t(`settings.sections.${id}.title`),
    note: t("settings.title"),
    also: `${t("settings.title")} ${t(`settings.sections.${id}.text`)} ${t(`settings.sections.${id}.fields`)}`,
    icon: <Icon />,
    to,
    quiet: true,
  })),
});
