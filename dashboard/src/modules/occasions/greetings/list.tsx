import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { useFeastName } from "../calendar/entry";
import { feasts, type Greeting, greetings } from "../data";
import { thisYear } from "../days";
import { useGreetingChanges } from "./changes";

/** Every greeting, with whom it is for and whether it goes out. */
export function GreetingList(props: { onOpen: (id: string) => void; onCreate?: () => void }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(greetings);
  const empty = (
    <Empty
      title={t("occasions.noGreetingsTitle")}
      actions={
        props.onCreate && (
          <Button look="primary" icon={<Plus />} onClick={props.onCreate}>
            {t("occasions.newGreeting")}
          </Button>
        )
      }
    >
      {t("occasions.noGreetingsText")}
    </Empty>
  );
  return (
    <Panel label={t("occasions.greetings")} bare>
      <Listed<Greeting> query={query} empty={empty}>
        {(items) => (
          <ul>
            {items.map((greeting) => (
              <Row key={greeting.id} greeting={greeting} onOpen={props.onOpen} />
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

/** What a greeting goes out on, in words. */
export function useOnWhat(): (greeting: Pick<Greeting, "kinds" | "feasts">) => string {
  const { t } = useTranslation();
  const { list } = useFormats();
  const nameOf = useFeastName();
  const { data } = useQuery(feasts(...thisYear()));
  const known = new Map(data?.items.map((feast) => [feast.key, nameOf(feast)]));
  return (greeting) =>
    list([
      ...greeting.kinds.map((kind) => t(`occasions.kind.${kind}`)),
      ...greeting.feasts.map((key) => known.get(key) ?? key),
    ]);
}

function Row({ greeting, onOpen }: { greeting: Greeting; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const { list } = useFormats();
  const writes = useMay("occasions.greetings.write");
  const { change } = useGreetingChanges();
  const onWhat = useOnWhat();
  const who = [...greeting.countries, ...greeting.languages, ...greeting.tags, ...greeting.stages];
  if (greeting.segments.length + greeting.excluded_segments.length > 0) who.push(t("occasions.bySegments"));
  return (
    <li className="flex items-center gap-3 border-line px-4 py-2.5 not-first:border-t md:px-[18px]">
      <button
        type="button"
        onClick={() => onOpen(greeting.id)}
        className="min-h-11 min-w-0 flex-1 rounded-control text-start hover:underline"
      >
        <bdi className="block truncate text-sm font-[570]">{greeting.name}</bdi>
        <span className="block truncate text-cap text-muted">
          {onWhat(greeting)} · {who.length > 0 ? list(who) : t("occasions.everybody")}
        </span>
      </button>
      {greeting.missing_segments.length > 0 && <Chip tone="warning">{t("occasions.greeting.goneSegment")}</Chip>}
      <span className="max-md:hidden">
        <Chip tone={greeting.approval === "each" ? "neutral" : "sun"}>
          {t(`occasions.approvalOf.${greeting.approval}`)}
        </Chip>
      </span>
      <Switch
        alone
        label={t("occasions.onOne", { name: greeting.name })}
        checked={greeting.enabled}
        disabled={!writes || change.isPending}
        onChange={(enabled) => change.mutate({ greeting, enabled })}
      />
    </li>
  );
}
