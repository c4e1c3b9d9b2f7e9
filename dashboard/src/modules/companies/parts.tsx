import { Ban, CircleCheck, CircleDashed, CirclePause, Gem, History } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Chip, type Tone } from "@/ui/chip";
import type { Company } from "./data";

const STATUS = {
  prospect: { tone: "accent", icon: CircleDashed },
  active: { tone: "success", icon: CircleCheck },
  inactive: { tone: "neutral", icon: CirclePause },
  former: { tone: "neutral", icon: History },
  blacklisted: { tone: "danger", icon: Ban },
} as const satisfies Record<Company["status"], { tone: Tone; icon: typeof Ban }>;

/** Where the relationship stands: a word and a shape, confirmed by a colour. */
export function StatusChip({ status }: { status: Company["status"] }) {
  const { t } = useTranslation();
  const { tone, icon: Icon } = STATUS[status];
  return (
    <Chip tone={tone}>
      <Icon aria-hidden="true" />
      {t(`companies.status.${status}`)}
    </Chip>
  );
}

/** How the relationship is doing, said by a colour too. */
export const BAND_LOOK = {
  good: "text-success-text",
  fair: "text-warning-text",
  poor: "text-danger-text",
  unknown: "text-muted",
} as const;

/** How much a company matters. */
export function TierChip({ tier }: { tier: NonNullable<Company["tier"]> }) {
  const { t } = useTranslation();
  return (
    <Chip tone={tier === "platinum" ? "accent" : "neutral"}>
      <Gem aria-hidden="true" />
      {t(`companies.tier.${tier}`)}
    </Chip>
  );
}

/** A page's address as it is read: without what every address has. */
export const bare = (address: string): string => address.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");

/** A day of the calendar, the same one wherever it is read. */
export const dayOf = (day: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
