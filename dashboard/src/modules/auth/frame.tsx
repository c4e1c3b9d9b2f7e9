import { Languages, SunMoon } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { tellLater } from "@/app/display";
import { toggleTheme } from "@/app/theme";
import { OURS } from "@/app/title";
import { language, speak } from "@/i18n";
import { IconButton } from "@/ui/button";
import { Mark } from "@/ui/mark";

/** A picture behind the form, which does not wait for it. */
const Sunrise = lazy(async () => ({ default: (await import("./sunrise")).Sunrise }));

/** What every page before the sign-in looks like: the sunrise, and a form that the planet never crosses. */
export function AuthFrame({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const other = language() === "ar" ? "en" : "ar";
  return (
    <>
      <Suspense>
        <Sunrise />
      </Suspense>
      <div className="relative z-2 grid min-h-dvh grid-rows-[auto_1fr_auto] px-10 py-7 max-md:px-5 max-md:pt-5 max-md:pb-[calc(22px+env(safe-area-inset-bottom))]">
        <header className="flex items-center gap-2.5">
          {window.upzBrand?.logo ? (
            <img src={window.upzBrand.logo} alt={OURS} className="h-8 max-w-[220px] object-contain" />
          ) : (
            <>
              <Mark className="size-8" />
              <bdi className="truncate text-[17px] font-[620] tracking-[-.01em] [font-stretch:112%]">{OURS}</bdi>
            </>
          )}
          <span className="ms-auto -me-1.5 flex">
            <IconButton
              label={other === "ar" ? "العربية" : "English"}
              lang={other}
              onClick={() => {
                tellLater("locale");
                void speak(other);
              }}
            >
              <Languages />
            </IconButton>
            <IconButton
              label={t("theme.switch")}
              onClick={(event) => {
                tellLater("theme");
                void toggleTheme(event.currentTarget);
              }}
            >
              <SunMoon />
            </IconButton>
          </span>
        </header>
        <main className="w-[380px] max-w-full self-center max-md:w-full max-md:self-start max-md:pt-11 md:ms-[6vw]">
          <h1 className="wider text-[38px] leading-[1.12] font-[570] tracking-[-.025em] text-balance max-md:text-[31px]">
            {title}
          </h1>
          {lead && <p className="mt-2.5 mb-6.5 text-[15.5px] text-pretty text-ink-2">{lead}</p>}
          {children}
        </main>
        <footer className="min-h-5" />
      </div>
    </>
  );
}
