import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Fingerprint, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { hasPasskeys, isDeclined, isKnownDevice, makePasskey } from "@/api/passkeys";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Trouble, useServerForm } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { secret } from "../auth/schemas";
import { deviceOf, passkeys } from "./data";

type Passkey = Schema["Passkey"];
type Open = { kind: "add" } | { kind: "rename" | "remove"; passkey: Passkey };

const name = z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid"));

/** Signing in with a touch: what there is, one more, one less. */
export function Passkeys() {
  const { t } = useTranslation();
  const query = useQuery(passkeys);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <Panel title={t("account.passkeys")} note={t("account.passkeysNote")} flush>
      {query.isPending ? (
        <SkeletonRows rows={1} tall />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data?.length ? (
        <ul className="divide-y divide-line">
          {query.data.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} onOpen={(kind) => setOpen({ kind, passkey })} />
          ))}
        </ul>
      ) : (
        <p className="grid min-h-[57px] items-center px-[18px] text-sm text-ink-2 max-md:px-4">
          {t("account.passkeysNone")}
        </p>
      )}
      <div className="flex justify-end px-[18px] pt-3 pb-[18px] max-md:px-4 max-md:pb-4">
        {hasPasskeys() ? (
          <Button icon={<Fingerprint />} onClick={() => setOpen({ kind: "add" })}>
            {t("account.passkeyAdd")}
          </Button>
        ) : (
          <p className="text-sm text-muted">{t("account.passkeysUnable")}</p>
        )}
      </div>
      {open?.kind === "add" && <Add onClose={close} />}
      {open?.kind === "rename" && <Rename passkey={open.passkey} onClose={close} />}
      {open?.kind === "remove" && <Remove passkey={open.passkey} onClose={close} />}
    </Panel>
  );
}

function Row({ passkey, onOpen }: { passkey: Passkey; onOpen: (kind: "rename" | "remove") => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { last_used_at: used } = passkey;
  return (
    <li className="flex min-h-[52px] items-center gap-3 py-2.5 ps-[18px] pe-3 max-md:ps-4 max-md:pe-2">
      <span
        className="grid size-8 shrink-0 place-items-center rounded-control bg-accent-soft text-accent-text [&_svg]:size-4"
        aria-hidden="true"
      >
        <Fingerprint />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-2 text-[13.5px] font-[570] break-words">
          {passkey.name}
          {passkey.host && <Chip shrinks>{passkey.host}</Chip>}
          {passkey.synced && <Chip>{t("account.passkeySynced")}</Chip>}
        </span>
        <span className="block text-[12.5px] text-muted" title={formats.full(passkey.created_at)}>
          {used ? t("account.passkeyUsed", { when: formats.ago(used) }) : t("account.passkeyUnused")}
        </span>
      </span>
      <IconButton label={`${t("account.passkeyRename")}: ${passkey.name}`} onClick={() => onOpen("rename")}>
        <Pencil />
      </IconButton>
      <IconButton label={`${t("account.passkeyRemove")}: ${passkey.name}`} onClick={() => onOpen("remove")}>
        <Trash2 />
      </IconButton>
    </li>
  );
}

/** Whoever found an unlocked computer does not know the password. */
function Add({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [declined, setDeclined] = useState<string>();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: z.object({ name, password: secret }),
    defaults: { name: deviceOf(navigator.userAgent), password: "" },
    codes: { password_wrong: "password" },
    submit: async ({ name, password }) => {
      setDeclined(undefined);
      const { ceremony, options } = await ok(api.POST("/v1/passkeys/options", { body: { password } }));
      const credential = await makePasskey(options).catch((error: unknown) => {
        if (!isDeclined(error) && !isKnownDevice(error)) throw error;
        setDeclined(t(isKnownDevice(error) ? "account.passkeyKnown" : "account.passkeyDeclined"));
      });
      if (!credential) return;
      await ok(api.POST("/v1/passkeys", { body: { ceremony, name, credential } }));
      await cache.invalidateQueries({ queryKey: passkeys.queryKey });
      say(t("account.passkeyAdded"));
      onClose();
    },
  });
  return (
    <Dialog open title={t("account.passkeyAdd")} lead={t("account.passkeysNone")} onClose={onClose}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble ?? (declined && <Trouble>{declined}</Trouble>)}
        <TextField
          form={form}
          name="name"
          label={t("account.passkeyName")}
          help={t("account.passkeyNameHelp")}
          autoComplete="off"
        />
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("account.proof")}
          autoComplete="current-password"
          autoFocus
        />
        <Button type="submit" look="primary" busy={busy} disabled={waiting > 0} className="self-end">
          {t("account.passkeyAdd")}
        </Button>
      </form>
    </Dialog>
  );
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema: z.object({ name }),
    defaults: { name: passkey.name },
    submit: async (body) => {
      const params = { path: { id: passkey.id }, header: ifMatch(passkey.version) };
      await ok(api.PATCH("/v1/passkeys/{id}", { params, body })).finally(() =>
        cache.invalidateQueries({ queryKey: passkeys.queryKey }),
      );
      say(t("account.passkeyRenamed"));
      onClose();
    },
  });
  return (
    <Dialog open title={t("account.passkeyRename")} onClose={onClose}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField form={form} name="name" label={t("account.passkeyName")} autoComplete="off" autoFocus />
        <Button type="submit" look="primary" busy={busy} className="self-end">
          {t("account.passkeyRename")}
        </Button>
      </form>
    </Dialog>
  );
}

function Remove({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/passkeys/{id}", { params: { path: { id: passkey.id } } })),
    onSuccess: () => {
      say(t("account.passkeyRemoved"));
      onClose();
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
    onSettled: () => cache.invalidateQueries({ queryKey: passkeys.queryKey }),
  });
  return (
    <Dialog
      open
      title={t("account.passkeyRemoveTitle", { name: passkey.name })}
      lead={t("account.passkeyRemoveText")}
      onClose={onClose}
    >
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button look="danger" busy={isPending} onClick={() => mutate()}>
          {t("account.passkeyRemove")}
        </Button>
      </footer>
    </Dialog>
  );
}
