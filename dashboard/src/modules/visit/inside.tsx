import { useQuery } from "@tanstack/react-query";
import { LogIn, LogOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { me } from "@/api/queries";
import { session } from "@/api/session";
import type { Visit } from "@/api/visit";
import { store } from "@/app/store";
import { useVisit } from "@/app/visit";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { useActForThem, useWayOut } from "./data";

const state = store(session.state);
session.subscribe(() => state.set(session.state));

/** What stands around every page while somebody is inside a client, and what brings him back when that is over. */
export function Inside() {
  const now = state.use();
  const visit = useVisit();
  const wayOut = useWayOut();
  const going = useRef<string>(undefined);
  useEffect(() => {
    if (now.kind !== "over" || going.current === now.visit.id) return;
    going.current = now.visit.id;
    void wayOut(now);
  }, [now, wayOut]);
  return visit ? <Banner visit={visit} /> : null;
}

/** Nothing may cover it, not even a dialog; the frame around the window is seen by whoever scrolled far down. */
function Banner({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const { place, person, agency, reason, readOnly } = visit;
  const act = useActForThem(visit);
  // Ended elsewhere: he learns it also when he does nothing.
  useQuery({ ...me, refetchInterval: 15_000 });
  const who = agency ? t("visit.asOf", { person, agency }) : t("visit.as", { person });
  const mode = readOnly ? t("visit.lookMode") : t("visit.actMode");
  return (
    <>
      <section
        aria-label={t("visit.banner")}
        // Dialogs hide everything else from assistive technology, but nothing that is marked as live.
        aria-live="off"
        className="pointer-events-auto fixed inset-x-0 top-0 z-100 flex h-(--banner) items-center gap-3 bg-sun ps-4 pe-3.5 text-sm font-[520] text-on-sun max-md:gap-2 max-md:text-[12.5px]"
      >
        <LogIn aria-hidden="true" className="size-4 shrink-0 stroke-[1.75]" />
        <p className="min-w-0 flex-1 truncate" title={`${who} ${mode} ${reason}`}>
          <b className="font-[680] max-md:block max-md:truncate">{t("visit.inside", { place })}</b>{" "}
          <span className="max-md:hidden">{who} </span>
          <span>
            {mode} <bdi>{reason}</bdi>
          </span>
        </p>
        <Countdown visit={visit} />
        {readOnly && visit.by === "agency" && (
          <BannerButton busy={act.isPending} onClick={() => act.mutate()} className="max-md:hidden">
            {t("visit.act")}
          </BannerButton>
        )}
        <BannerButton icon={<LogOut />} onClick={() => session.finish("left")}>
          {t("visit.leave")}
        </BannerButton>
      </section>
      <div aria-hidden="true" className="pointer-events-none fixed inset-0 z-100 border-[3px] border-sun" />
    </>
  );
}

function BannerButton({ className = "", ...rest }: React.ComponentProps<typeof Button>) {
  return (
    <Button
      {...rest}
      writes={false}
      className={`h-7! shrink-0 rounded-[8px]! border-transparent! bg-on-sun! px-[11px]! text-[12.5px]! text-sun-text! light:bg-raised! light:text-on-sun! max-md:h-11! [&_svg]:size-3.5! [&_svg]:text-current! ${className}`}
    />
  );
}

/** Seconds at which the time that is left is said aloud. */
const SAID = [120, 90, 60, 30, 20, 10, 5];

function Countdown({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const left = useSecondsUntil(visit.expiresAt);
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const time = `${new Intl.NumberFormat(locale).format(Math.floor(left / 60))}:${two.format(left % 60)}`;
  const said = SAID.findLast((at) => left <= at);
  return (
    <>
      <span role="timer" aria-label={t("visit.timeLeft")} className="num shrink-0 whitespace-nowrap">
        <b className="font-[680]">{time}</b> {t("visit.left")}
      </span>
      <span role="alert" className="sr-only">
        {said !== undefined && t("visit.remaining", { count: said, place: visit.place })}
      </span>
    </>
  );
}

function useSecondsUntil(end: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((end - now) / 1000));
}
