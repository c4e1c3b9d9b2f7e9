import { useQuery } from "@tanstack/react-query";
import { Check, CircleAlert, Gauge, Minus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { tenant } from "@/api/queries";
import { useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Chip } from "@/ui/chip";
import { daysLeft } from "@/ui/days-left";
import { money } from "@/ui/money";
import { Panel } from "@/ui/panel";
import { Failed, Skeleton, SkeletonRows } from "@/ui/states";
import { Section } from "./section";
import { BAR, type Entitlements, entitlements, isLimit, type Limit, levelOf, offers, type Plan, usage } from "./usage";

/** What the plan allows, how much of it is used, and what other plans allow. */
export function PlanPage() {
  const query = useQuery(entitlements);
  return (
    <Section id="plan">
      {query.data ? (
        <Body plan={query.data} />
      ) : (
        <Panel bare>
          {query.isError ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows rows={4} tall />
          )}
        </Panel>
      )}
    </Section>
  );
}

function Body({ plan }: { plan: Entitlements }) {
  const { t } = useTranslation();
  const me = useMe();
  const limits = Object.entries(plan.limits).filter(
    (entry): entry is [Limit, number] => isLimit(entry[0]) && (entry[0] !== "clients" || me?.tenant.kind === "agency"),
  );
  const query = useQuery(usage);
  const usedOf = (limit: Limit) => query.data?.meters.find((meter) => meter.limit === limit)?.used ?? undefined;
  return (
    <>
      {limits.map(([limit, most]) => {
        const used = usedOf(limit);
        return used !== undefined && <Banner key={limit} limit={limit} used={used} most={most} />;
      })}
      <Panel title={plan.plan ?? t("settings.plan.none")} note={plan.plan ? t("settings.plan.current") : undefined}>
        {limits.length === 0 ? (
          <p className="text-sm text-muted">{t("settings.plan.unlimited")}</p>
        ) : (
          <ul className="grid grid-cols-2 gap-x-8 gap-y-5 max-sm:grid-cols-1">
            {limits.map(([limit, most]) => (
              <Meter key={limit} limit={limit} most={most} used={usedOf(limit)} pending={query.isPending} />
            ))}
          </ul>
        )}
        <TrialEnd />
        <Modules plan={plan} />
      </Panel>
      <Offers current={plan.plan ?? undefined} />
    </>
  );
}

function Meter(props: { limit: Limit; most: number; used: number | undefined; pending: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { limit, most, used } = props;
  const name = t(`settings.plan.limits.${limit}`);
  const level = used === undefined ? "fine" : levelOf(used, most);
  return (
    <li>
      <p className="flex items-baseline justify-between gap-3 text-[12.5px]">
        <span className="font-[560] text-ink-2">{name}</span>
        {props.pending && <Skeleton className="h-3 w-16" />}
        {!props.pending && (
          <span className="num text-muted">
            {used === undefined
              ? t("settings.plan.upTo", { most: formats.count(most) })
              : t("settings.plan.usedOf", { used: formats.count(used), most: formats.count(most) })}
          </span>
        )}
      </p>
      {(used !== undefined || props.pending) && (
        <div aria-hidden="true" className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-sunken ring-1 ring-line">
          <span
            className={`block h-full rounded-full ${BAR[level]}`}
            style={{ width: `${Math.min(100, ((used ?? 0) / Math.max(1, most)) * 100)}%` }}
          />
        </div>
      )}
      {level !== "fine" && (
        <p className={`mt-1 text-cap ${level === "hard" ? "text-danger-text" : "text-warning-text"}`}>
          {t(`settings.plan.levels.${level}`)}
        </p>
      )}
    </li>
  );
}

/** What stops and what does not, on the page that is about it. */
function Banner({ limit, used, most }: { limit: Limit; used: number; most: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const level = levelOf(used, most);
  if (level !== "soft" && level !== "hard") return null;
  const Icon = level === "hard" ? CircleAlert : Gauge;
  const name = t(`settings.plan.limits.${limit}`);
  return (
    <p
      role="status"
      className={`flex items-start gap-2.5 rounded-[12px] px-3.5 py-2.5 text-sm ${level === "hard" ? "bg-danger-soft" : "bg-warning-soft"}`}
    >
      <Icon
        aria-hidden="true"
        className={`mt-0.5 size-4 shrink-0 ${level === "hard" ? "text-danger-text" : "text-warning-text"}`}
      />
      <span>
        <b className="font-[590]">
          {name}: {t("settings.plan.usedOf", { used: formats.count(used), most: formats.count(most) })}.
        </b>{" "}
        {t(level === "hard" ? `settings.plan.stops.${limit}` : "settings.plan.near")}
      </span>
    </p>
  );
}

/** How long the plan can be tried yet; afterwards everything stays as it is. */
function TrialEnd() {
  const { t } = useTranslation();
  const formats = useFormats();
  const endsAt = useQuery(tenant).data?.trial_ends_at;
  if (!endsAt) return null;
  const date = formats.day(endsAt);
  const over = Date.parse(endsAt) <= Date.now();
  return (
    <p className={`mt-4 text-sm ${over ? "text-warning-text" : "text-ink-2"}`}>
      {over ? t("settings.plan.trialOver", { date }) : t("settings.plan.trialLeft", { count: daysLeft(endsAt), date })}
    </p>
  );
}

function Modules({ plan }: { plan: Entitlements }) {
  const { t, i18n } = useTranslation();
  const name = (module: string) => (i18n.exists(`module.${module}`) ? t(`module.${module}` as "module.forms") : module);
  const own = Object.entries(plan.exceptions);
  return (
    <section aria-label={t("settings.plan.modules")} className="mt-5 border-line border-t pt-3.5">
      <h3 className="text-h3 font-semibold">{t("settings.plan.modules")}</h3>
      {plan.modules ? (
        <ul className="mt-2 flex flex-wrap gap-1.5">
          {plan.modules.map((module) => (
            <li key={module}>
              <Chip>{name(module)}</Chip>
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-0.5 text-sm text-muted">{t("settings.plan.allModules")}</p>
      )}
      {own.length > 0 && (
        <ul className="mt-2.5 flex flex-wrap gap-1.5">
          {own.map(([module, on]) => (
            <li key={module}>
              <Chip tone={on ? "success" : "neutral"}>
                {on ? <Check aria-hidden="true" /> : <Minus aria-hidden="true" />}
                {t(on ? "settings.plan.switchedOn" : "settings.plan.switchedOff", { module: name(module) })}
              </Chip>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Offers({ current }: { current?: string }) {
  const { t } = useTranslation();
  const kind = useMe()?.tenant.kind;
  const query = useQuery(offers);
  return (
    <Panel title={t("settings.plan.offers")} flush>
      {query.data ? (
        <ul className="divide-y divide-line">
          {query.data.map((plan) => (
            <Offer key={plan.id} plan={plan} current={plan.name === current} />
          ))}
        </ul>
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={3} tall />
      )}
      {!query.isPending && (
        <p className="border-line border-t px-[18px] py-3 text-sm text-muted max-md:px-4">
          {t(kind === "client" ? "settings.plan.agencyChanges" : "settings.plan.platformChanges")}
        </p>
      )}
    </Panel>
  );
}

function Offer({ plan, current }: { plan: Plan; current: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { locale } = formats;
  const limits = Object.entries((plan.limits ?? {}) as Record<string, number>).filter(([name]) => isLimit(name));
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-[18px] py-3 max-md:px-4">
      <span className="min-w-0 flex-1 basis-64">
        <b className="flex flex-wrap items-center gap-2 text-[14px] font-[590]">
          {plan.name}
          {current && <Chip tone="accent">{t("settings.plan.yours")}</Chip>}
        </b>
        <span className="block text-[12.5px] text-muted">
          {limits.length === 0
            ? t("settings.plan.unlimited")
            : limits
                .map(([name, most]) => `${t(`settings.plan.limits.${name as Limit}`)}: ${formats.count(most)}`)
                .join(" · ")}
        </span>
      </span>
      <span className="num text-end text-sm">
        {/* A plan above the first without a price is one whose price nobody entered yet. */}
        {plan.price_minor > 0
          ? t("settings.plan.monthly", { price: money(plan.price_minor, plan.currency, locale) })
          : plan.level === 0 && t("settings.plan.free")}
        {plan.trial_days > 0 && (
          <span className="block text-[12.5px] text-muted">{t("settings.plan.trial", { count: plan.trial_days })}</span>
        )}
      </span>
    </li>
  );
}
