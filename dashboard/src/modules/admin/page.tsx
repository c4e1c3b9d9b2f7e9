import { useQuery } from "@tanstack/react-query";
import { useIsFetching } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, Keyboard, LogOut, Search, SunMoon } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { setTheme, type ThemeWish, toggleTheme, useThemeWish } from "@/app/theme";
import { useTitle } from "@/app/title";
import { LANGUAGES, type Language, language, speak } from "@/i18n";
import { openHelp } from "@/shell/help-state";
import { openPalette } from "@/shell/palette-state";
import { DayLine } from "@/sky/DayLine/DayLine";
import { useMinute } from "@/sky/base/useMinute";
import { Avatar } from "@/ui/avatar";
import { Boundary } from "@/ui/boundary";
import { IconButton } from "@/ui/button";
import { Kbd, modifier } from "@/ui/kbd";
import { PlainLink } from "@/ui/link";
import { Menu, MenuChoices, MenuItem, MenuLine } from "@/ui/menu";
import { current, useToday } from "./api";
import { useSignOut } from "./sign-out";
import { sayEvent } from "./event";

interface Props {
  title: string;
  record?: string;
  back?: "/admin/agencies" | "/admin/clients";
  children: ReactNode;
}

/** A page of the administration: heading and tools, the day, content. */
export function AdminPage({ title, record, back, children }: Props) {
  const { t } = useTranslation();
  useTitle(record, title, t("admin.platform"));
  return (
    <div className="flex min-h-dvh min-w-0 flex-1 flex-col">
      <header className="relative z-12 flex h-14 shrink-0 items-center gap-2.5 ps-7 pe-5 max-md:h-[54px] max-md:gap-0.5 max-md:ps-4 max-md:pe-2">
        {back && (
          <PlainLink
            to={back}
            aria-label={t("action.back")}
            className="-ms-3 grid size-11 place-items-center text-ink-2"
          >
            <ChevronLeft aria-hidden="true" className="size-[22px] rtl:-scale-x-100" />
          </PlainLink>
        )}
        <h1 className="wide truncate text-h1 font-[590]">
          <bdi>{record ?? title}</bdi>
        </h1>
        <span className="flex-1" />
        <button
          type="button"
          onClick={openPalette}
          aria-keyshortcuts="Control+K Meta+K"
          className="flex h-[34px] w-[250px] shrink-0 items-center gap-2 rounded-control border border-line-2 bg-surface pe-2 ps-[11px] text-sm text-muted hover:border-control max-md:hidden"
        >
          <Search aria-hidden="true" className="size-4" />
          {t("palette.open")}
          <Kbd className="ms-auto">{modifier()}K</Kbd>
        </button>
        <IconButton label={t("palette.open")} className="md:hidden" onClick={openPalette}>
          <Search />
        </IconButton>
        <IconButton
          label={t("theme.switch")}
          className="max-md:hidden"
          onClick={(event) => void toggleTheme(event.currentTarget)}
        >
          <SunMoon />
        </IconButton>
        <Me />
      </header>
      <Horizon />
      <main id="content" tabIndex={-1} className="flex-1 outline-none">
        <Boundary>{children}</Boundary>
      </main>
    </div>
  );
}

/** The day of the platform: what was done to it today, by whom. */
function Horizon() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const now = useMinute();
  const { data } = useToday();
  const zone = useMemo(() => Intl.DateTimeFormat().resolvedOptions().timeZone, []);
  const events = useMemo(
    () =>
      (data?.items ?? []).map((entry) => ({
        id: entry.id,
        at: entry.occurred_at,
        title: [sayEvent(t, entry), entry.tenant].filter(Boolean).join(": "),
        href: "/admin/audit",
        done: true,
        ...(entry.actor && { person: entry.actor }),
      })),
    [data, t],
  );
  const busy = useIsFetching({ predicate: (query) => query.state.data !== undefined }) > 0;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(busy), busy ? 300 : 0);
    return () => clearTimeout(timer);
  }, [busy]);
  return (
    <div className="relative -mt-1.5 h-[30px] shrink-0">
      <DayLine now={now} zone={zone} events={events} onOpen={(href) => void navigate({ href })} />
      {shown && (
        <span aria-hidden="true" className="absolute inset-x-0 bottom-0 block h-0.5 overflow-hidden">
          <span className="block h-full w-1/3 animate-[glide_1.4s_var(--ease-transfer)_8] bg-linear-to-r from-transparent via-accent to-transparent" />
        </span>
      )}
    </div>
  );
}

function Me() {
  const { t } = useTranslation();
  const who = useQuery(current).data;
  const theme = useThemeWish();
  const { mutate: signOut } = useSignOut();
  if (!who) return <span className="size-9 max-md:size-11" />;
  const { admin } = who;
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t("nav.accountMenu", { name: admin.name })}
          className="grid size-9 shrink-0 place-items-center rounded-full max-md:size-11"
        >
          <Avatar name={admin.name} id={admin.id} />
        </button>
      }
    >
      <div className="px-2.5 pt-1 pb-2">
        <p className="truncate font-[570]">{admin.name}</p>
        <p className="truncate text-cap text-muted">{admin.email}</p>
        <p className="truncate text-cap text-muted">
          {admin.role === "platform_admin" ? t("admin.roleAdmin") : t("admin.roleSupport")}
        </p>
      </div>
      <MenuLine />
      <MenuItem icon={<Keyboard />} onClick={openHelp}>
        {t("keys.title")}
      </MenuItem>
      <MenuLine />
      <MenuChoices<ThemeWish>
        label={t("theme.label")}
        value={theme}
        closes={false}
        choices={(["auto", "dark", "light"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        onChoose={(wish) => void setTheme(wish)}
      />
      <MenuLine />
      <MenuChoices<Language>
        label={t("theme.language")}
        value={language()}
        choices={Object.entries(LANGUAGES).map(([value, label]) => ({
          value: value as Language,
          label: <span lang={value}>{label}</span>,
        }))}
        onChoose={(next) => void speak(next)}
      />
      <MenuLine />
      <MenuItem icon={<LogOut />} onClick={() => signOut()}>
        {t("nav.signOut")}
      </MenuItem>
    </Menu>
  );
}
