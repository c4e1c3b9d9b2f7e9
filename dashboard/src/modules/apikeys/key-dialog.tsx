import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleSlash } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { say } from "@/ui/toast";
import { type ApiKey, permissions, stateOf, useRevoke } from "./data";
import { KeyState } from "./page";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
});

/** Everything about one key; what it may do and until when is fixed when it is made. */
export function KeyDialog({ item, onClose }: { item: ApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const writes = useMay("identity.api_keys.write");
  const [asking, setAsking] = useState(false);
  const revoke = useRevoke();
  const alive = !item.revoked_at;
  if (asking)
    return (
      <Confirm
        open
        onClose={() => setAsking(false)}
        title={t("apikeys.revokeTitle", { name: item.name })}
        lead={t("apikeys.revokeText")}
        action={t("apikeys.revoke")}
        icon={<CircleSlash />}
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate(item, { onSuccess: onClose })}
      />
    );
  return (
    <Dialog open onClose={onClose} title={item.name}>
      <div className="flex flex-col gap-4">
        <Facts item={item} />
        <May item={item} />
        {writes && alive && <Rename item={item} onClose={onClose} />}
        {writes && alive && (
          <Button icon={<CircleSlash />} className="self-start" onClick={() => setAsking(true)}>
            {t("apikeys.revoke")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Facts({ item }: { item: ApiKey }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const sees = useMay("identity.members.read");
  const { data } = useQuery({ ...members, enabled: sees });
  const maker = data?.items.find(({ id }) => id === item.created_by)?.name;
  const facts: [string, React.ReactNode][] = [
    [t("apikeys.state"), <KeyState key="state" item={item} />],
    [
      t("apikeys.begins"),
      <code key="hint" className="font-mono text-[12px]" dir="ltr">
        {item.hint}…
      </code>,
    ],
    [
      t("apikeys.made"),
      maker ? t("apikeys.madeBy", { when: formats.when(item.created_at), name: maker }) : formats.when(item.created_at),
    ],
    [t("apikeys.lastUsed"), item.last_used_at ? formats.full(item.last_used_at) : t("apikeys.neverUsed")],
    [t("apikeys.expiry"), item.expires_at ? formats.full(item.expires_at) : t("apikeys.never")],
    ...(stateOf(item) === "revoked" && item.revoked_at
      ? [[t("apikeys.states.revoked"), formats.full(item.revoked_at)] as [string, React.ReactNode]]
      : []),
    [
      t("apikeys.networks"),
      item.addresses.length > 0 ? (
        <code key="from" className="font-mono text-[12px] break-words" dir="ltr">
          {item.addresses.join(", ")}
        </code>
      ) : (
        t("apikeys.anywhere")
      ),
    ],
  ];
  return (
    <dl className="grid grid-cols-[120px_minmax(0,1fr)] items-center gap-x-3 gap-y-2 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function May({ item }: { item: ApiKey }) {
  const { t } = useTranslation();
  const { data = [] } = useQuery(permissions);
  const told = new Map(data.map(({ name, description }) => [name, description]));
  return (
    <section aria-label={t("apikeys.may")}>
      <h3 className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("apikeys.may")}</h3>
      <ul className="max-h-48 overflow-y-auto rounded-[12px] border border-line px-3.5 py-2 text-[12.5px]">
        {Object.entries(item.scopes).map(([name, reach]) => (
          <li key={name} className="flex items-baseline justify-between gap-3 py-1">
            <bdi lang="en" className="min-w-0" title={name}>
              {told.get(name) ?? name}
            </bdi>
            <span className="shrink-0 text-muted">
              {reach === "team"
                ? t("apikeys.reachTeam")
                : reach === "own"
                  ? t("apikeys.reachOwn")
                  : t("apikeys.reachAll")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rename({ item, onClose }: { item: ApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [version, setVersion] = useState(item.version);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: item.name },
    submit: async ({ name }) => {
      const params = { path: { id: item.id }, header: ifMatch(version) };
      try {
        await ok(api.PATCH("/v1/api-keys/{id}", { params, body: { name } }));
      } catch (error) {
        if (hasStatus(error, 412)) {
          const now = await ok(api.GET("/v1/api-keys/{id}", { params: { path: { id: item.id } } }));
          setVersion(now.version);
          form.setError("name", { message: t("apikeys.newer", { value: now.name }) });
          return;
        }
        throw error;
      } finally {
        void cache.invalidateQueries({ queryKey: ["api_keys"] });
      }
      say(t("action.saved"));
      onClose();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-2">
      {trouble}
      <div className="flex items-start gap-2">
        <TextField form={form} name="name" label={t("field.name")} maxLength={120} frameClass="min-w-0 flex-1" />
        <Button
          type="submit"
          busy={busy}
          disabled={!form.formState.isDirty}
          className="mt-[25px] h-[38px]! max-md:h-11!"
        >
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
