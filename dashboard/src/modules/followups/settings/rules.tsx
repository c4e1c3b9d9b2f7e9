import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { useMe } from "@/app/may";
import { stages } from "@/modules/contacts/data";
import { Button, IconButton } from "@/ui/button";
import { Opened } from "@/ui/opened";
import { Panel } from "@/ui/panel";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { type Rule, rules, sequences } from "../data";
import { useSentences } from "./sentence";

const RuleDialog = lazy(async () => ({ default: (await import("./rule-dialog")).RuleDialog }));

/** A rule as it is sent: without what the server adds. */
export function bodyOf(rule: Rule): Schema["NewFollowUpRule"] {
  const { id: _, deal_stage_name: __, created_at: ___, updated_at: ____, version: _____, ...body } = rule;
  return body;
}

/** Rules, each as a sentence: on or off, changed, removed, with a way back. */
export function Rules() {
  const { t } = useTranslation();
  const writes = useMe()?.grants["followups.write"] === "all";
  const query = useQuery(rules);
  const [editing, setEditing] = useState<Rule | "new">();
  return (
    <Panel
      bare
      title={t("followups.rules.title")}
      more={
        writes && (
          <Button writes size="small" icon={<Plus />} onClick={() => setEditing("new")}>
            {t("followups.rules.add")}
          </Button>
        )
      }
    >
      <p className="px-4 pb-2 text-[12.5px] text-muted md:px-[18px]">{t("followups.rules.lead")}</p>
      {query.isPending ? (
        <SkeletonRows rows={4} tall />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <Empty title={t("followups.rules.empty")}>{t("followups.rules.emptyText")}</Empty>
      ) : (
        <ul className="divide-y divide-line">
          {query.data.map((rule) => (
            <RuleRow key={rule.id} rule={rule} writes={writes} onEdit={() => setEditing(rule)} />
          ))}
        </ul>
      )}
      <Opened open={editing !== undefined}>
        <RuleDialog rule={editing} onClose={() => setEditing(undefined)} />
      </Opened>
    </Panel>
  );
}

function RuleRow({ rule, writes, onEdit }: { rule: Rule; writes: boolean; onEdit: () => void }) {
  const { t } = useTranslation();
  const say = useSentences();
  const changes = useRuleChanges();
  const contactStages = useQuery(stages).data;
  const sequence = useQuery(sequences).data?.find(({ id }) => id === rule.sequence)?.name;
  const stage =
    rule.deal_stage_name ?? contactStages?.find(({ key }) => key === rule.contact_stage)?.label ?? rule.contact_stage;
  const { name } = rule;
  return (
    <li className="flex items-start gap-3 px-[18px] py-3 max-md:flex-wrap max-md:gap-y-1 max-md:px-4">
      <div className="min-w-0 flex-1 max-md:basis-full">
        <p className="text-sm font-[590]">
          <bdi>{name}</bdi>
        </p>
        <p className="mt-0.5 text-sm text-ink-2">
          {say.cause(rule, stage ?? "")}
          {" → "}
          <b className="font-[590] text-ink">{say.wait(rule)}</b>
          {" → "}
          {say.makes(rule, sequence)}
        </p>
        <p className="mt-0.5 text-[12.5px] text-muted">{say.unless(rule)}</p>
      </div>
      <span className="flex shrink-0 items-center gap-1 max-md:ms-auto">
        {writes && (
          <>
            <IconButton small label={t("followups.rules.edit", { name })} onClick={onEdit}>
              <Pencil />
            </IconButton>
            <IconButton small label={t("followups.rules.remove", { name })} onClick={() => changes.remove.mutate(rule)}>
              <Trash2 />
            </IconButton>
          </>
        )}
        <Switch
          alone
          label={t("followups.rules.switch", { name })}
          checked={rule.enabled}
          disabled={!writes || changes.save.isPending}
          onChange={(enabled) => changes.save.mutate({ rule, enabled })}
        />
      </span>
    </li>
  );
}

function useRuleChanges() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: rules.queryKey });
  const onError = (error: unknown) => {
    sayError(sayThrown(error));
    void done();
  };
  const save = useMutation({
    mutationFn: ({ rule, enabled }: { rule: Rule; enabled: boolean }) =>
      ok(
        api.PUT("/v1/follow-up-rules/{id}", {
          params: { path: { id: rule.id }, header: ifMatch(rule.version) },
          body: { ...bodyOf(rule), enabled },
        }),
      ),
    onSuccess: (fresh) => {
      void done();
      say(t(fresh.enabled ? "followups.said.on" : "followups.said.off", { name: fresh.name }), {
        undo: () => save.mutate({ rule: fresh, enabled: !fresh.enabled }),
      });
    },
    onError,
  });
  const restore = useMutation({
    mutationFn: (rule: Rule) => ok(api.POST("/v1/follow-up-rules", { body: bodyOf(rule) })),
    onSuccess: done,
    onError,
  });
  const remove = useMutation({
    mutationFn: (rule: Rule) => ok(api.DELETE("/v1/follow-up-rules/{id}", { params: { path: { id: rule.id } } })),
    onSuccess: (_, rule) => {
      void done();
      say(t("followups.said.removed", { name: rule.name }), { undo: () => restore.mutate(rule) });
    },
    onError,
  });
  return { save, remove };
}
