import { Fingerprint } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { hasPasskeys, isDeclined, offersPasskeys, provePasskey } from "@/api/passkeys";
import { ApiProblem } from "@/api/problem";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Trouble } from "@/ui/form";

/** A challenge is good for five minutes; a field that offers passkeys asks for a new one before. */
const FRESH = 4 * 60_000;

const begin = () => ok(api.POST("/v1/sessions/passkey-options"));

/** Passkey first: one touch, no address, no password. Where the browser can, the address field offers them as well. */
export function PasskeyFirst(props: { tenant?: string; onTokens: (tokens: Schema["Tokens"]) => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const current = useRef<AbortController>(undefined);
  const latest = useRef(props);
  latest.current = props;

  const ask = useCallback(
    async (waiting: boolean) => {
      current.current?.abort();
      const mine = new AbortController();
      current.current = mine;
      try {
        const { ceremony, options } = await begin();
        if (mine.signal.aborted) return;
        const credential = await provePasskey(options, mine.signal, waiting);
        setBusy(true);
        const { tenant, onTokens } = latest.current;
        const body = { ceremony, credential, ...(tenant && { tenant }), cookie: true };
        onTokens(await ok(api.POST("/v1/sessions/passkey", { body })));
      } catch (error) {
        // Quiet as long as nobody asked: the password still works.
        if (isDeclined(error) || (waiting && !(error instanceof ApiProblem && error.status === 401))) return;
        setTrouble(error instanceof ApiProblem ? sayThrown(error) : t("error.unreachable"));
      } finally {
        if (current.current === mine) setBusy(false);
      }
    },
    [t],
  );

  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    let gone = false;
    void offersPasskeys().then((offers) => {
      if (!offers || gone) return;
      void ask(true);
      timer = setInterval(() => void ask(true), FRESH);
    });
    return () => {
      gone = true;
      clearInterval(timer);
      current.current?.abort();
    };
  }, [ask]);

  if (!hasPasskeys()) return null;
  return (
    <div className="mb-4 flex flex-col gap-3.5">
      {trouble && <Trouble>{trouble}</Trouble>}
      <Button
        look="primary"
        size="large"
        icon={<Fingerprint />}
        busy={busy}
        className="w-full"
        onClick={() => {
          setTrouble(undefined);
          setBusy(true);
          void ask(false).finally(() => setBusy(false));
        }}
      >
        {t("auth.passkey")}
      </Button>
      <p className="flex items-center gap-3 text-cap text-sky-label before:h-px before:flex-1 before:bg-line-2 after:h-px after:flex-1 after:bg-line-2">
        {t("auth.or")}
      </p>
    </div>
  );
}
