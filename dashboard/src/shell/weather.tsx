import { WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useConnected } from "./live";

const subscribe = (listener: () => void) => {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
};

/** Says when what is on the screen may be old: no network, or no live updates for ten seconds. */
export function Weather() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const connected = useConnected();
  const [stale, setStale] = useState(false);
  useEffect(() => {
    if (connected) return setStale(false);
    const timer = setTimeout(() => setStale(true), 10_000);
    return () => clearTimeout(timer);
  }, [connected]);
  const text = online ? (stale ? t("state.stale") : undefined) : t("state.offline");
  return (
    <div role="status">
      {text && (
        <p className="flex items-center gap-2.5 bg-warning-soft px-7 py-2 text-sm max-md:px-4">
          <WifiOff aria-hidden="true" className="size-4 shrink-0 text-warning-text" />
          {text}
        </p>
      )}
    </div>
  );
}
