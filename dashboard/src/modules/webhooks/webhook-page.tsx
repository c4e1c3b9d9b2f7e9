import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { EllipsisVertical, KeyRound, Pencil, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Boundary } from "@/ui/boundary";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Confirm } from "@/ui/confirm";
import { CopyButton } from "@/ui/copy";
import { Menu, MenuItem } from "@/ui/menu";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { useWebhookChange, type Webhook, webhook } from "./data";
import { EditWebhook, Secret } from "./edit";
import { Log } from "./log";
import { WebhookState } from "./page";

export function WebhookPage() {
  const { id } = useParams({ from: "/shell/settings/webhooks/$id" });
  const query = useQuery(webhook(id));
  if (query.data) return <Body item={query.data} />;
  return (
    <Panel bare>
      {query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={6} tall />
      )}
    </Panel>
  );
}

function Body({ item }: { item: Webhook }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("messaging.webhooks.write");
  const change = useWebhookChange(item.id);
  const test = useMutation({
    mutationFn: () => ok(api.POST("/v1/webhooks/{id}/test", { params: { path: { id: item.id } } })),
    onSuccess: () => say(t("webhooks.tested")),
    onError: (error) => sayError(t("webhooks.test"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: ["deliveries"] }),
  });
  const turn = (enabled: boolean) =>
    change.mutate(
      { enabled },
      { onSuccess: () => say(t(enabled ? "webhooks.turnedOn" : "webhooks.turnedOff"), { undo: () => turn(!enabled) }) },
    );
  return (
    <div className="flex max-w-[1180px] flex-col gap-4 max-md:gap-3.5">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="wide flex flex-wrap items-center gap-2.5 text-h1 font-[590] break-words">
            <bdi>{item.name}</bdi>
            <WebhookState item={item} />
          </h2>
          <span className="flex items-center gap-1 text-muted">
            <code className="truncate font-mono text-[12px]" dir="ltr">
              {item.url}
            </code>
            <CopyButton text={item.url} what={t("webhooks.address")} />
          </span>
        </div>
        {writes && (
          <div className="flex items-center gap-2">
            <Switch alone label={t("webhooks.called")} checked={item.enabled} onChange={turn} />
            <Button
              writes
              icon={<Send />}
              busy={test.isPending}
              disabled={!item.enabled}
              title={item.enabled ? undefined : t("webhooks.testOff")}
              onClick={() => test.mutate()}
            >
              {t("webhooks.test")}
            </Button>
            <More item={item} />
          </div>
        )}
      </header>
      <State item={item} />
      <Panel title={t("webhooks.events")}>
        <ul className="flex flex-wrap gap-1.5">
          {item.kinds.length === 0 && <li className="text-sm text-muted">{t("webhooks.noEvents")}</li>}
          {item.kinds.map((kind) => (
            <li key={kind}>
              <Chip>
                <code dir="ltr">{kind}</code>
              </Chip>
            </li>
          ))}
        </ul>
      </Panel>
      <Boundary title={t("webhooks.log")}>
        <Log item={item} />
      </Boundary>
    </div>
  );
}

/** What is the matter with it, and until when the old secret signs along. */
function State({ item }: { item: Webhook }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const old = item.previous_until && Date.parse(item.previous_until) > Date.now() ? item.previous_until : undefined;
  const texts = [
    ...(item.disabled_reason === "failing" ? [t("webhooks.offFailing")] : []),
    ...(item.disabled_reason === "gone" ? [t("webhooks.offGone")] : []),
    ...(item.enabled && item.failing_since
      ? [t("webhooks.failingSince", { when: formats.when(item.failing_since) })]
      : []),
    ...(old ? [t("webhooks.twoSecrets", { when: formats.when(old) })] : []),
  ];
  if (texts.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 rounded-[12px] bg-warning-soft px-3.5 py-2.5 text-sm">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

type Asking = "edit" | "rotate" | "delete";

function More({ item }: { item: Webhook }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [asking, setAsking] = useState<Asking>();
  const [secret, setSecret] = useState<string>();
  const close = () => setAsking(undefined);
  const again = () => cache.invalidateQueries({ queryKey: ["webhooks"] });
  const rotate = useMutation({
    mutationFn: () => ok(api.POST("/v1/webhooks/{id}/secrets", { params: { path: { id: item.id } } })),
    onSuccess: (made) => {
      setSecret(made.secret ?? undefined);
      close();
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: () =>
      ok(api.DELETE("/v1/webhooks/{id}", { params: { path: { id: item.id }, header: ifMatch(item.version) } })),
    onSuccess: () => {
      say(t("webhooks.deleted", { name: item.name }));
      cache.removeQueries({ queryKey: webhook(item.id).queryKey });
      void again();
      void navigate({ to: "/settings/webhooks" });
    },
    onError: (error) => {
      sayError(t("error.notSaved"), hasStatus(error, 412) ? t("error.changedElsewhere") : error.message);
      void again();
    },
  });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("nav.more")}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem writes icon={<Pencil />} onClick={() => setAsking("edit")}>
          {t("webhooks.edit")}
        </MenuItem>
        <MenuItem writes icon={<KeyRound />} onClick={() => setAsking("rotate")}>
          {t("webhooks.rotate")}
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onClick={() => setAsking("delete")}>
          {t("webhooks.delete")}
        </MenuItem>
      </Menu>
      {asking === "edit" && <EditWebhook item={item} open onClose={close} />}
      <Confirm
        open={asking === "rotate"}
        onClose={close}
        look="primary"
        title={t("webhooks.rotateTitle")}
        lead={t("webhooks.rotateText")}
        action={t("webhooks.rotate")}
        icon={<KeyRound />}
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
      />
      <Confirm
        open={asking === "delete"}
        onClose={close}
        title={t("webhooks.deleteTitle", { name: item.name })}
        lead={t("webhooks.deleteText")}
        action={t("webhooks.delete")}
        icon={<Trash2 />}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
      {secret && <Secret secret={secret} onDone={() => setSecret(undefined)} />}
    </>
  );
}
