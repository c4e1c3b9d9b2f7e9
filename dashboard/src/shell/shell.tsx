import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { me, tenant as place } from "@/api/queries";
import { session } from "@/api/session";
import { store } from "@/app/store";
import { useOwnDisplay } from "@/app/display";
import { useShortcuts } from "@/app/keys";
import { later } from "@/app/idle";
import { moving } from "@/app/moving";
import { useNewVersion } from "@/app/version";
import { dialogParts } from "@/ui/dialog";
import { useMedia } from "@/ui/media";
import { menuParts } from "@/ui/menu";
import { popoverParts } from "@/ui/popover";
import { Failed } from "@/ui/states";
import { useFormats } from "@/i18n/format";
import { bring, withWords } from "@/i18n/words";
import { SkyLocale } from "@/sky/base/formats";
import { loadToasts } from "@/ui/toast";
import { Dock } from "./dock";
import { openHelp, useHelpOpen } from "./help-state";
import { useLive } from "./live";
import { openPalette, usePaletteOpen } from "./palette-state";
import { placesOf } from "./places";
import { Rail } from "./rail";
import { Weather } from "./weather";

const Palette = lazy(async () => ({
  default: (await withWords(["palette"], import("@/modules/palette/panel"))).Palette,
}));
const Toasts = lazy(async () => ({ default: (await loadToasts()).Toasts }));
const Ended = lazy(async () => ({ default: (await withWords(["auth"], import("./ended"))).Ended }));
const NewVersion = lazy(async () => ({ default: (await import("./new-version")).NewVersion }));
const Help = lazy(async () => ({ default: (await import("./help")).Help }));

const state = store(session.state);
session.subscribe(() => state.set(session.state));

/** Everything behind the sign-in. */
export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const now = state.use();
  const tenant = "tenant" in now ? now.tenant : "";
  const away = moving.use() || now.kind === "over";
  const who = useQuery(me);
  // For its time zone and currency, wherever a moment or a price is shown.
  useQuery({ ...place, enabled: who.isSuccess });
  const { locale } = useFormats();
  const phone = useMedia("(max-width: 767px)");
  const palette = usePaletteOpen();
  const help = useHelpOpen();
  // The builder needs the room for what is built.
  const canvas = useLocation({ select: ({ pathname }) => /^\/forms\/[^/]+\/?$/.test(pathname) });
  // In the place of a tenant as a whole nobody is told anything.
  useLive(who.data && !who.data.user ? "" : tenant);
  const newer = useNewVersion();
  useOwnDisplay(who.data);
  const user = who.data?.impersonation ? undefined : who.data?.user?.id;
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    if (user) void import("@/app/push").then(({ tellAgain }) => tellAgain(user)).catch(() => undefined);
    // Somebody pressed a notification of the device, and this window came to the front.
    const open = ({ data }: MessageEvent) => {
      if (data?.open) void navigate({ to: "/notifications/open", search: data.open });
    };
    navigator.serviceWorker.addEventListener("message", open);
    return () => navigator.serviceWorker.removeEventListener("message", open);
  }, [user, navigate]);
  const before = useRef(tenant);
  useEffect(() => {
    if (before.current === tenant || !tenant) return;
    before.current = tenant;
    // Nothing of one tenant is shown in another: what is not on the screen goes, what is there is read anew.
    cache.removeQueries({ type: "inactive" });
    void cache.resetQueries();
  }, [tenant, cache]);
  // What a press opens is at hand before the press, without standing in the way of what is looked at first.
  useEffect(
    () =>
      later(() => void Promise.all([menuParts, popoverParts, dialogParts].map((each) => each.load().catch(() => 0)))),
    [],
  );
  // Few are ever refused anything; whoever is reads it in his own language.
  useEffect(() => later(() => void bring("refusals").catch(() => undefined), 2_000), []);
  const wears = who.isSuccess;
  useEffect(() => {
    // Another tenant may look otherwise; what was read of the one before is gone by now.
    if (wears && tenant)
      void import("@/modules/brand/wear").then(({ wear }) => wear(cache, tenant)).catch(() => undefined);
  }, [wears, tenant, cache]);
  useEffect(() => {
    // Signed out here, or in another tab before anything was shown.
    if (now.kind === "out") void navigate({ to: "/sign-in" });
  }, [now, navigate]);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      openPalette();
    };
    document.addEventListener("keydown", open);
    return () => document.removeEventListener("keydown", open);
  }, []);
  useShortcuts([
    { keys: "?", label: t("keys.help"), run: openHelp },
    ...placesOf(who.data).map(({ key, to, label }) => ({
      keys: `g ${key}`,
      label: t("keys.go", { page: t(`nav.${label}`) }),
      run: () => void navigate({ to }),
    })),
  ]);
  if (who.isError && !who.data)
    return (
      <main className="grid min-h-view place-items-center">
        <Failed first title={t("error.page")} error={who.error} onRetry={() => void who.refetch()} />
        <Suspense>{now.kind === "ended" && <Ended tenant={now.tenant} />}</Suspense>
      </main>
    );
  return (
    <SkyLocale value={locale}>
      <a
        href="#content"
        className="fixed start-3 top-[calc(12px+var(--banner))] z-90 -translate-y-24 rounded-control bg-accent px-4 py-2.5 font-semibold text-on-accent focus:translate-y-0"
      >
        {t("nav.skip")}
      </a>
      <div
        data-shell
        data-slim={canvas || undefined}
        className="flex max-md:pb-[calc(68px+env(safe-area-inset-bottom))]"
      >
        {!phone && <Rail me={who.data} />}
        <div className="flex min-w-0 flex-1 flex-col">
          <Weather />
          <Suspense>{newer && <NewVersion />}</Suspense>
          {!away && <Outlet />}
        </div>
      </div>
      {phone && who.data && <Dock me={who.data} />}
      <Suspense>
        <Toasts />
      </Suspense>
      <Suspense>
        {palette && who.data && <Palette me={who.data} />}
        {help && <Help />}
        {now.kind === "ended" && <Ended tenant={now.tenant} email={who.data?.user?.email} user={who.data?.user?.id} />}
      </Suspense>
    </SkyLocale>
  );
}
