import { useRouter } from "@tanstack/react-router";
import { RotateCw, WifiOff } from "lucide-react";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/session";
import { DayLine } from "@/sky/DayLine/DayLine";
import { useMinute } from "@/sky/base/useMinute";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/mark";
import { Failed } from "@/ui/states";
import { OURS, useTitle } from "./title";

const AGAIN = 10_000;
const subscribe = (listener: () => void) => {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
};

/**
 * The console was opened while nobody answers. Who it is cannot be known, so there is nothing to see but the day; it goes
 * on by itself.
 */
export function Away({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const router = useRouter();
  const now = useMinute();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  useTitle(t(online ? "state.awayTitle" : "state.offlineTitle"));
  const again = useCallback(async () => {
    // As long as nobody answers, nothing on the screen moves.
    const answered = await session.token().then(
      () => true,
      () => false,
    );
    if (answered) await router.invalidate();
  }, [router]);
  useEffect(() => {
    if (!online) return;
    const timer = setInterval(again, AGAIN);
    return () => clearInterval(timer);
  }, [online, again]);
  useEffect(() => {
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [again]);
  return (
    <div className="flex">
      <div className="h-dvh w-[68px] shrink-0 border-line border-e px-3.5 pt-4 max-md:hidden lg:w-[228px]">
        <span className="flex items-center gap-2.5">
          <Mark className="size-7" />
          <b className="text-[15px] font-[620] [font-stretch:112%] max-lg:sr-only">{OURS}</b>
        </span>
      </div>
      <div className="flex min-h-dvh min-w-0 flex-1 flex-col">
        <header className="flex h-14 shrink-0 items-center gap-2.5 px-7 max-md:px-4">
          <Mark className="size-6 md:hidden" />
          <h1 className="wide truncate text-h1 font-[590]">{t(online ? "state.awayTitle" : "state.offlineTitle")}</h1>
        </header>
        <div className="relative -mt-1.5 h-[30px] shrink-0">
          <DayLine now={now} zone={Intl.DateTimeFormat().resolvedOptions().timeZone} events={NONE} />
        </div>
        <main className="grid flex-1 place-items-center">
          {online ? (
            <Failed title={t("state.awayTitle")} error={error} onRetry={() => void again()} />
          ) : (
            <div role="status" className="flex flex-col items-center px-5.5 pb-16 text-center">
              <svg viewBox="0 0 190 96" aria-hidden="true" className="mb-3 h-24 w-[190px]">
                <path d="M5 84Q95 44 185 84" fill="none" stroke="var(--line-2)" />
                <path d="M22 84Q95 62 168 84" fill="none" stroke="var(--line)" />
                <circle
                  cx="95"
                  cy="64"
                  r="6"
                  fill="none"
                  stroke="var(--muted)"
                  strokeWidth="1.75"
                  strokeDasharray="3 3"
                />
              </svg>
              <h2 className="snug flex items-center gap-2 text-base font-semibold">
                <WifiOff aria-hidden="true" className="size-4 text-warning-text" />
                {t("state.offlineTitle")}
              </h2>
              <p className="mt-1 mb-3.5 max-w-[44ch] text-[13.5px] text-muted">{t("state.offlineText")}</p>
              <Button icon={<RotateCw />} onClick={() => void again()}>
                {t("action.retry")}
              </Button>
            </div>
          )}
        </main>
      </div>
    </div>
  );
}

const NONE: [] = [];
