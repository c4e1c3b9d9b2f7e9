import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { may, type Me } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { unread } from "@/modules/notifications/unread";
import { brokenWebhooks, failedMails, formFigures, taskCounts, widgetFigures } from "../data";

/** What waits for a person, from everything that this person may see. */
export function useNeeds(me: Me) {
  const forms = useQuery({ ...formFigures, enabled: may(me, "forms.read") });
  const widgets = useQuery({ ...widgetFigures, enabled: may(me, "tenants.read") });
  const hooks = useQuery({ ...brokenWebhooks, enabled: may(me, "messaging.webhooks.read") });
  const mails = useQuery({ ...failedMails, enabled: may(me, "notifications.mails.read") });
  // Only a person has tasks and news: whoever is inside in the place of a role is nobody of the account.
  const tasks = useQuery({ ...taskCounts(me.user?.id), enabled: Boolean(me.user) && may(me, "tasks.read") });
  const news = useQuery({ ...unread, enabled: Boolean(me.user) });
  const all = [forms, widgets, hooks, mails, tasks, news];
  return {
    answers: forms.data?.waiting ?? 0,
    waiting: (forms.data?.forms ?? []).filter((form) => form.waiting > 0),
    refused: widgets.data?.refused ?? [],
    hooks: hooks.data ?? [],
    mails: mails.data ?? [],
    overdue: tasks.data?.overdue ?? 0,
    today: tasks.data?.today ?? 0,
    unread: news.data?.count ?? 0,
    /** Nothing is said before all of it is known: a verdict that changes its mind is worse than a late one. */
    pending: all.some((query) => query.isLoading),
    failed: all.find((query) => query.isError && query.data === undefined),
  };
}

/** "3 answers wait for a decision, and 2 websites are refused. Everything else is on course." */
export function Verdict({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { list } = useFormats();
  const { answers, refused, hooks, mails, overdue, unread: news, pending, failed } = useNeeds(me);
  if (pending) return null;
  const parts = [
    overdue > 0 && t("home.verdict.tasks", { count: overdue }),
    answers > 0 && t("home.verdict.answers", { count: answers }),
    refused.length > 0 && t("home.verdict.refused", { count: refused.length }),
    hooks.length > 0 && t("home.verdict.hooks", { count: hooks.length }),
    mails.length > 0 && t("home.verdict.mails", { count: mails.length }),
  ].filter((part) => part !== false);
  if (parts.length > 0)
    return (
      <>
        {list(parts)}. {!failed && t("home.verdict.rest")}
      </>
    );
  if (failed) return <>{t("home.verdict.unknown")}</>;
  return <>{news > 0 ? t("home.verdict.unread", { count: news }) : t("home.verdict.calm")}</>;
}
