import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarHeart, Plus } from "lucide-react";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useShortcuts } from "@/app/keys";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { ButtonLink } from "@/ui/link";
import { Opened } from "@/ui/opened";
import { Segments } from "@/ui/segments";
import { SkeletonRows } from "@/ui/states";
import { type GreetingsSearch, readGreetings, TABS, type Tab } from "../address";
import { waiting as waitingBatches } from "../data";
import { GreetingList } from "./list";

const Approvals = lazy(async () => ({ default: (await import("./approvals")).Approvals }));
const Simulation = lazy(async () => ({ default: (await import("./simulation")).Simulation }));
const Sent = lazy(async () => ({ default: (await import("./sent")).Sent }));
const GreetingDialog = lazy(async () => ({ default: (await import("./editor")).GreetingDialog }));

export function GreetingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "occasions.greetings.read"))
    return <Forbidden title={t("occasions.greetings")} needs="occasions.greetings.read" />;
  return <Greetings />;
}

function Greetings() {
  const { t } = useTranslation();
  const search = readGreetings({ ...useSearch({ from: "/shell/occasions/greetings" }) });
  const navigate = useNavigate();
  const me = useMe();
  const writes = useMay("occasions.greetings.write");
  const waiting = useInfiniteQuery(waitingBatches);
  const tab: Tab = search.view ?? "greetings";
  const change = (next: Partial<GreetingsSearch>) =>
    void navigate({ to: "/occasions/greetings", search: { ...search, ...next }, replace: true });
  const create = () => change({ new: true });
  useShortcuts(writes ? [{ keys: "n", label: t("occasions.newGreeting"), run: create }] : []);
  const close = () => change({ new: undefined, greeting: undefined });
  const open = search.new === true || search.greeting !== undefined;
  return (
    <Page title={t("occasions.greetings")} back="/occasions">
      <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none]">
        <Segments<Tab>
          label={t("occasions.tabsLabel")}
          value={tab}
          onChange={(view) => change({ view: view === "greetings" ? undefined : view })}
          options={TABS.map((value) => ({
            value,
            label: t(`occasions.tab.${value}`),
            ...(value === "approvals" && { count: rowsOf(waiting.data).length, tone: "warning" as const }),
          }))}
        />
        <span className="flex-1" />
        <ButtonLink to="/occasions">
          <CalendarHeart aria-hidden="true" />
          {t("occasions.title")}
        </ButtonLink>
        {writes && (
          <Button look="primary" icon={<Plus />} onClick={create} className="max-md:hidden">
            {t("occasions.newGreeting")}
          </Button>
        )}
      </div>
      <div className="px-7 pb-8 max-md:px-4">
        {!me ? (
          <SkeletonRows rows={6} tall />
        ) : tab === "greetings" ? (
          <GreetingList onOpen={(greeting) => change({ greeting })} onCreate={writes ? create : undefined} />
        ) : (
          <Opened key={tab} open>
            {tab === "approvals" ? <Approvals /> : tab === "simulation" ? <Simulation /> : <Sent />}
          </Opened>
        )}
      </div>
      {writes && (
        <Button
          look="primary"
          icon={<Plus />}
          onClick={create}
          className="fixed end-4 bottom-[calc(84px+env(safe-area-inset-bottom))] z-4 h-13! rounded-full! px-5! shadow-2! [&&[aria-disabled=true]]:bg-surface! md:hidden"
        >
          {t("occasions.newGreeting")}
        </Button>
      )}
      <Opened open={open}>
        <GreetingDialog open={open} id={search.greeting} onClose={close} />
      </Opened>
    </Page>
  );
}
