import { useMutation, useQueryClient } from "@tanstack/react-query";
import { AlarmClock, CircleCheck, Globe, Inbox, MailX, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { may, type Me } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, buttonLook } from "@/ui/button";
import { Go, useHas } from "@/ui/go";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import type { Refused } from "../data";
import { useNeeds } from "./verdict";

/** Rows of one sort; the rest is behind the link. */
const MOST = 3;

/** What waits for a decision, the most urgent first; each with the one thing to do about it. */
export function Needs({ me }: { me: Me }) {
  const { t } = useTranslation();
  const has = useHas();
  const needs = useNeeds(me);
  const { waiting, refused, hooks, mails, overdue, today, pending, failed } = needs;
  const total = needs.answers + refused.length + hooks.length + mails.length + overdue;
  const more = needs.answers > 0 && has("/submissions") && (
    <Go to="/submissions?state=quarantined" className="text-[12.5px] font-[540] text-accent-text hover:underline">
      {t("home.openQueue")}
    </Go>
  );
  return (
    <Panel
      title={t("home.needs")}
      note={total > 0 ? t("home.decisions", { count: total }) : undefined}
      more={more}
      flush
    >
      {pending ? (
        <SkeletonRows rows={3} tall />
      ) : total === 0 && failed ? (
        <Failed error={failed.error} onRetry={() => void failed.refetch()} />
      ) : total === 0 ? (
        <p className="flex items-center gap-3 px-[18px] pt-1.5 pb-[18px] text-[13.5px] text-ink-2">
          <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-success-text" />
          {t("home.needsNone")}
        </p>
      ) : (
        <ul className="divide-y divide-line pb-1">
          {overdue > 0 && (
            <Row
              icon={<AlarmClock />}
              tone="bg-warning-soft text-warning-text"
              title={t("home.overdue", { count: overdue })}
              sub={t("home.dueToday", { count: today })}
            >
              <Go to="/tasks" className={buttonLook("secondary", "small")}>
                {t("home.open")}
              </Go>
            </Row>
          )}
          {refused.slice(0, MOST).map((met) => (
            <RefusedRow key={`${met.widget_id} ${met.origin}`} met={met} writes={may(me, "tenants.widgets.write")} />
          ))}
          {waiting.slice(0, MOST).map((form) => (
            <Row
              key={form.form}
              icon={<Inbox />}
              tone="bg-sun-soft text-sun-text"
              title={t("home.answersWait", { count: form.waiting })}
              sub={<Own>{form.name}</Own>}
            >
              {has("/forms/$id/submissions") && (
                <Go
                  to={`/forms/${form.form}/submissions?state=quarantined`}
                  className={buttonLook("secondary", "small")}
                >
                  {t("home.decide")}
                </Go>
              )}
            </Row>
          ))}
          {hooks.slice(0, MOST).map((hook) => (
            <Row
              key={hook.id}
              icon={<Unplug />}
              tone="bg-danger-soft text-danger-text"
              title={<Own>{t("home.hookOff", { name: hook.name })}</Own>}
              sub={t(hook.disabled_reason === "gone" ? "home.hookGone" : "home.hookFailing")}
            >
              {has("/settings/webhooks") && (
                <Go to="/settings/webhooks" className={buttonLook("secondary", "small")}>
                  {t("home.open")}
                </Go>
              )}
            </Row>
          ))}
          {mails.slice(0, MOST).map((mail) => (
            <MailRow key={mail.id} mail={mail} retries={may(me, "notifications.mails.retry")} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row(props: { icon: ReactNode; tone: string; title: ReactNode; sub: ReactNode; children?: ReactNode }) {
  return (
    <li className="flex min-h-[62px] items-center gap-3 px-[18px] py-2.5 max-md:px-4">
      <span
        aria-hidden="true"
        className={`grid size-8 shrink-0 place-items-center rounded-control [&_svg]:size-4 ${props.tone}`}
      >
        {props.icon}
      </span>
      <span className="min-w-0 flex-1">
        <b className="block truncate text-[13.5px] leading-[1.4] font-[570] max-md:break-words max-md:whitespace-normal">
          {props.title}
        </b>
        <span className="block truncate text-[12.5px] text-muted">{props.sub}</span>
      </span>
      <span className="shrink-0 print:hidden">{props.children}</span>
    </li>
  );
}

function RefusedRow({ met, writes }: { met: Refused; writes: boolean }) {
  const { t } = useTranslation();
  const { ago } = useFormats();
  const has = useHas();
  const { allow, take } = useAllow();
  const site = met.origin.replace(/^https:\/\//, "");
  const press = () =>
    allow.mutate(met, {
      onSuccess: ({ id }) => say(t("home.allowed", { site }), { undo: () => take.mutate(id) }),
      onError: (error) => sayError(t("error.notSaved"), error.message),
    });
  return (
    <Row
      icon={<Globe />}
      tone="bg-warning-soft text-warning-text"
      title={<bdi title={met.origin}>{t("home.refused", { site, count: met.count })}</bdi>}
      sub={
        <>
          {has("/widgets/$id") ? (
            <Go to={`/widgets/${met.widget_id}`} className="hover:underline">
              <Own>{met.widget}</Own>
            </Go>
          ) : (
            <Own>{met.widget}</Own>
          )}
          , {ago(met.last_at)}
        </>
      }
    >
      {writes && (
        <Button size="small" busy={allow.isPending} onClick={press} aria-label={t("home.allowSite", { site })}>
          {t("home.allow")}
        </Button>
      )}
    </Row>
  );
}

function MailRow({ mail, retries }: { mail: Schema["Mail"]; retries: boolean }) {
  const { t } = useTranslation();
  const { ago } = useFormats();
  const cache = useQueryClient();
  const retry = useMutation({
    mutationFn: () => ok(api.POST("/v1/mails/{id}/retry", { params: { path: { id: mail.id } } })),
    onSuccess: () => say(t("home.mailRetried")),
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["mails"] }),
  });
  return (
    <Row
      icon={<MailX />}
      tone="bg-danger-soft text-danger-text"
      title={<Own>{mail.recipient ? t("home.mailTo", { address: mail.recipient }) : t("home.mailFailed")}</Own>}
      sub={<Own>{[mail.subject, ago(mail.created_at)].filter(Boolean).join(", ")}</Own>}
    >
      {retries && (
        <Button size="small" busy={retry.isPending} onClick={() => retry.mutate()}>
          {t("home.mailRetry")}
        </Button>
      )}
    </Row>
  );
}

/** Allows a website for the widget it was refused, and forgets it again when that is undone. */
function useAllow() {
  const cache = useQueryClient();
  const settled = () => {
    void cache.invalidateQueries({ queryKey: ["figures", "widgets"] });
    void cache.invalidateQueries({ queryKey: ["origins"] });
    void cache.invalidateQueries({ queryKey: ["widgets"] });
  };
  const allow = useMutation({
    mutationFn: ({ origin, widget_id }: Refused) => ok(api.POST("/v1/origins", { body: { origin, widget_id } })),
    onSettled: settled,
  });
  const take = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/v1/origins/{id}", { params: { path: { id } } })),
    onSettled: settled,
  });
  return { allow, take };
}
