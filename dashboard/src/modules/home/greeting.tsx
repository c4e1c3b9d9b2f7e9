import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";

/** The time of day where the tenant is, a name, and the verdict in one sentence. */
export function Greeting({ name, children }: { name: string | undefined; children?: ReactNode }) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  return (
    <>
      <p className="wider min-h-[38px] text-display font-[570] text-balance max-md:min-h-[32px] max-md:text-[26px]">
        {name && t(`home.${partOfDay(zone)}`, { name })}
      </p>
      {/* Two lines on a phone: what comes later moves nothing. */}
      <p className="mt-2 min-h-[22px] text-[15px] leading-[22px] text-pretty text-ink-2 max-md:min-h-[44px]">
        {children}
      </p>
    </>
  );
}

function partOfDay(zone: string | undefined): "morning" | "afternoon" | "evening" {
  const hour = Number(
    new Intl.DateTimeFormat("en-GB", { hour: "numeric", hourCycle: "h23", timeZone: zone }).format(Date.now()),
  );
  return hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
}
