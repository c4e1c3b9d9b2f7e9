import { useTranslation } from "react-i18next";
import { chooseDensity, chooseLanguage, chooseTheme } from "@/app/display";
import { type Density, type ThemeWish, useDensity, useThemeWish } from "@/app/theme";
import { LANGUAGES, type Language, language } from "@/i18n";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";

export function Appearance() {
  const { t } = useTranslation();
  const theme = useThemeWish();
  const density = useDensity();
  return (
    <Panel title={t("account.appearance")} note={t("account.appearanceNote")}>
      <div className="flex flex-col gap-3">
        <Line label={t("theme.label")}>
          <Segments<ThemeWish>
            label={t("theme.label")}
            value={theme}
            onChange={(wish) => chooseTheme(wish, document.activeElement ?? undefined)}
            options={(["auto", "dark", "light"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
          />
        </Line>
        <Line label={t("account.density")}>
          <Segments<Density>
            label={t("account.density")}
            value={density}
            onChange={chooseDensity}
            options={(["comfortable", "compact"] as const).map((value) => ({ value, label: t(`account.${value}`) }))}
          />
        </Line>
        <Line label={t("theme.language")}>
          <Segments<Language>
            label={t("theme.language")}
            value={language()}
            onChange={(next) => void chooseLanguage(next)}
            options={Object.entries(LANGUAGES).map(([value, label]) => ({
              value: value as Language,
              label: <span lang={value}>{label}</span>,
            }))}
          />
        </Line>
        <p className="text-cap text-muted">{t("account.languageNote")}</p>
      </div>
    </Panel>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <span className="text-sm text-ink-2">{label}</span>
      {children}
    </div>
  );
}
