import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/session";
import type { Me } from "@/app/may";
import { useVisit } from "@/app/visit";
import { chooseLanguage, chooseTheme } from "@/app/display";
import { type ThemeWish, useThemeWish } from "@/app/theme";
import { LANGUAGES, type Language, language } from "@/i18n";
import { Menu, MenuChoices, MenuItem, MenuLine } from "@/ui/menu-parts";
import { AccountButton } from "./account-button";
import { openHelp } from "./help-state";
import { useSignOut } from "./tenants";

export function AccountMenu({ me, defaultOpen }: { me: Me; defaultOpen?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const theme = useThemeWish();
  const visit = useVisit();
  const { mutate: signOut } = useSignOut();
  const name = me.user?.name ?? me.tenant.name;
  return (
    <Menu align="end" defaultOpen={defaultOpen} trigger={<AccountButton me={me} />}>
      <div className="px-2.5 pt-1 pb-2">
        <p className="truncate font-[570]">{name}</p>
        <p className="truncate text-cap text-muted">{me.user?.email}</p>
      </div>
      <MenuLine />
      {!visit && (
        <MenuItem icon={<UserRound />} onClick={() => void navigate({ to: "/account" })}>
          {t("nav.account")}
        </MenuItem>
      )}
      <MenuItem icon={<Keyboard />} onClick={openHelp}>
        {t("keys.title")}
      </MenuItem>
      <MenuLine />
      <MenuChoices<ThemeWish>
        label={t("theme.label")}
        value={theme}
        closes={false}
        choices={(["auto", "dark", "light"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        onChoose={(wish) => chooseTheme(wish)}
      />
      <MenuLine />
      <MenuChoices<Language>
        label={t("theme.language")}
        value={language()}
        choices={Object.entries(LANGUAGES).map(([value, label]) => ({
          value: value as Language,
          label: <span lang={value}>{label}</span>,
        }))}
        onChoose={(next) => void chooseLanguage(next)}
      />
      <MenuLine />
      {visit ? (
        <MenuItem icon={<LogOut />} onClick={() => session.finish("left")}>
          {t("nav.leave", { place: visit.place })}
        </MenuItem>
      ) : (
        <MenuItem icon={<LogOut />} onClick={() => signOut()}>
          {t("nav.signOut")}
        </MenuItem>
      )}
    </Menu>
  );
}
