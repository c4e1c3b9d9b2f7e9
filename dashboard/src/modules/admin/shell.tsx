import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { later } from "@/app/idle";
import { useShortcuts } from "@/app/keys";
import { bring, withWords } from "@/i18n/words";
import { openHelp, useHelpOpen } from "@/shell/help-state";
import { openPalette, usePaletteOpen } from "@/shell/palette-state";
import { SkyLocale } from "@/sky/base/formats";
import { useFormats } from "@/i18n/format";
import { Failed } from "@/ui/states";
import { loadToasts } from "@/ui/toast";
import { current } from "./api";
import { PLACES } from "./places";
import { Dock, Rail } from "./rail";
import { adminSession } from "./session";

const Palette = lazy(async () => ({ default: (await withWords(["palette"], import("./jump"))).Jump }));
const Toasts = lazy(async () => ({ default: (await loadToasts()).Toasts }));
const Ended = lazy(async () => ({ default: (await withWords(["auth"], import("./ended"))).Ended }));
const Help = lazy(async () => ({ default: (await import("@/shell/help")).Help }));

/** Everything of the administration behind its sign-in. */
export function AdminShell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const state = adminSession.use();
  const who = useQuery(current);
  const { locale } = useFormats();
  const palette = usePaletteOpen();
  const help = useHelpOpen();
  useEffect(() => {
    if (state === "out") void navigate({ to: "/admin/sign-in" });
    // What was refused while nobody was signed in is asked again.
    if (state === "in") void cache.invalidateQueries({ predicate: (query) => query.state.status === "error" });
  }, [state, navigate, cache]);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      openPalette();
    };
    document.addEventListener("keydown", open);
    return () => document.removeEventListener("keydown", open);
  }, []);
  // Few are ever refused anything; whoever is reads it in his own language.
  useEffect(() => later(() => void bring("refusals").catch(() => undefined), 2_000), []);
  useShortcuts([
    { keys: "?", label: t("keys.help"), run: openHelp },
    ...PLACES.map(({ key, to, label }) => ({
      keys: `g ${key}`,
      label: t("keys.go", { page: t(`admin.nav.${label}`) }),
      run: () => void navigate({ to }),
    })),
  ]);
  if (who.isError && !who.data)
    return (
      <main className="grid min-h-dvh place-items-center">
        <Failed title={t("error.page")} error={who.error} onRetry={() => void who.refetch()} />
        <Suspense>{state === "ended" && <Ended />}</Suspense>
      </main>
    );
  return (
    <SkyLocale value={locale}>
      <a
        href="#content"
        className="fixed start-3 top-3 z-90 -translate-y-24 rounded-control bg-accent px-4 py-2.5 font-semibold text-on-accent focus:translate-y-0"
      >
        {t("nav.skip")}
      </a>
      <div className="flex max-md:pb-[calc(68px+env(safe-area-inset-bottom))]">
        <Rail />
        <div className="flex min-w-0 flex-1 flex-col">
          <Offline />
          {/* What somebody may do decides what stands on a page: nothing moves when it is known. */}
          {who.data && <Outlet />}
        </div>
      </div>
      <Dock />
      <Suspense>
        <Toasts />
      </Suspense>
      <Suspense>
        {palette && <Palette />}
        {help && <Help />}
        {state === "ended" && <Ended email={who.data?.admin.email} />}
      </Suspense>
    </SkyLocale>
  );
}

const subscribe = (listener: () => void) => {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
};

function Offline() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="flex items-center gap-2.5 bg-warning-soft px-7 py-2 text-sm max-md:px-4">
          <WifiOff aria-hidden="true" className="size-4 shrink-0 text-warning-text" />
          {t("state.offline")}
        </p>
      )}
    </div>
  );
}
