import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/session";
import { readFragment } from "@/app/handover";
import { useTitle } from "@/app/title";
import { Empty } from "@/ui/states";
import { useTakeOver } from "./data";

/**
 * Where the administration of the platform sends its people: they go on inside the account, in this tab. What they are
 * handed leaves the address before anything else happens. When the visit is over they are here again.
 */
export function Arrive() {
  const { t } = useTranslation();
  const router = useRouter();
  const takeOver = useTakeOver();
  const begun = useRef(false);
  const [there, setThere] = useState(false);
  useTitle(t("visit.banner"));
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const handed = readFragment(location.hash);
    const inside = session.state.kind === "in" && session.state.visit !== undefined;
    // Where he comes back to must not carry it either.
    void router.navigate({ to: "/enter", replace: true }).then(() => {
      if (handed && !inside) return takeOver(handed);
      setThere(true);
    });
  }, [router, takeOver]);
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      {there && <Empty title={t("visit.overTitle")}>{t("visit.overText")}</Empty>}
    </main>
  );
}
