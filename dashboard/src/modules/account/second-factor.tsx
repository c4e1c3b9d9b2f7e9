import { useQueryClient } from "@tanstack/react-query";
import { Download, ShieldCheck, ShieldOff } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { me } from "@/api/queries";
import { Button } from "@/ui/button";
import { CopyWide } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { save } from "@/ui/save";
import { Skeleton } from "@/ui/states";
import { say } from "@/ui/toast";
import { code, secret } from "../auth/schemas";

const Qr = lazy(async () => ({ default: (await import("./qr")).Qr }));
const proof = z.object({ password: secret });
const confirmation = z.object({ code });

type Step =
  | { kind: "begin" | "end" | "codes" }
  | { kind: "confirm"; enrolment: Schema["Enrolment"] }
  | { kind: "recovery"; codes: string[] };

export function SecondFactor({ on }: { on: boolean }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>();
  const cache = useQueryClient();
  const close = () => setStep(undefined);
  const changed = () => cache.invalidateQueries({ queryKey: me.queryKey });
  return (
    <Panel title={t("account.secondTitle")}>
      <div className="flex flex-wrap items-center gap-3">
        <span
          aria-hidden="true"
          className={`grid size-8 shrink-0 place-items-center rounded-control [&_svg]:size-4 ${on ? "bg-success-soft text-success-text" : "border border-line bg-sunken text-ink-2"}`}
        >
          {on ? <ShieldCheck /> : <ShieldOff />}
        </span>
        <p className="min-w-40 flex-1 text-sm text-ink-2">{on ? t("account.secondOn") : t("account.secondOff")}</p>
        {on ? (
          <span className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => setStep({ kind: "codes" })}>
              {t("account.recoveryNew")}
            </Button>
            <Button size="small" onClick={() => setStep({ kind: "end" })}>
              {t("account.secondEnd")}
            </Button>
          </span>
        ) : (
          <Button look="primary" onClick={() => setStep({ kind: "begin" })}>
            {t("account.secondStart")}
          </Button>
        )}
      </div>
      {step?.kind === "begin" && (
        <Proof
          title={t("account.secondTitle")}
          action={t("account.secondStart")}
          onClose={close}
          send={async (password) =>
            setStep({ kind: "confirm", enrolment: await ok(api.POST("/v1/totp", { body: { password } })) })
          }
        />
      )}
      {step?.kind === "confirm" && (
        <Confirm
          enrolment={step.enrolment}
          onClose={close}
          onDone={(codes) => {
            void changed();
            setStep({ kind: "recovery", codes });
          }}
        />
      )}
      {step?.kind === "codes" && (
        <Proof
          title={t("account.recoveryNew")}
          action={t("account.recoveryNew")}
          onClose={close}
          send={async (password) => {
            const made = await ok(api.POST("/v1/recovery-codes", { body: { password } }));
            setStep({ kind: "recovery", codes: made.recovery_codes });
          }}
        />
      )}
      {step?.kind === "end" && (
        <Proof
          title={t("account.secondEnd")}
          action={t("account.secondEnd")}
          danger
          onClose={close}
          send={async (password) => {
            await ok(api.DELETE("/v1/totp", { body: { password } }));
            await changed();
            say(t("account.secondEnded"));
            close();
          }}
        />
      )}
      {step?.kind === "recovery" && <Recovery codes={step.codes} onClose={close} />}
    </Panel>
  );
}

/** Whoever found an unlocked computer does not know the password. */
function Proof(props: {
  title: string;
  action: string;
  danger?: boolean;
  onClose: () => void;
  send: (password: string) => Promise<void>;
}) {
  const { t } = useTranslation();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: proof,
    defaults: { password: "" },
    codes: { password_wrong: "password", credentials_wrong: "password" },
    submit: ({ password }) => props.send(password),
  });
  return (
    <Dialog open title={props.title} lead={t("account.proof")} onClose={props.onClose}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("field.password")}
          autoComplete="current-password"
          autoFocus
        />
        <Button
          type="submit"
          look={props.danger ? "danger" : "primary"}
          busy={busy}
          disabled={waiting > 0}
          className="self-end"
        >
          {props.action}
        </Button>
      </form>
    </Dialog>
  );
}

function Confirm(props: { enrolment: Schema["Enrolment"]; onClose: () => void; onDone: (codes: string[]) => void }) {
  const { t } = useTranslation();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: confirmation,
    defaults: { code: "" },
    codes: { code_wrong: "code" },
    submit: async (body) => {
      const { recovery_codes } = await ok(api.POST("/v1/totp/confirmation", { body }));
      say(t("account.secondOn_"));
      props.onDone(recovery_codes);
    },
  });
  return (
    <Dialog open title={t("account.secondTitle")} lead={t("account.secondScan")} onClose={props.onClose}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col items-stretch gap-3.5">
        {trouble}
        <Suspense fallback={<Skeleton className="mx-auto size-44" />}>
          <Qr text={props.enrolment.uri} label={t("account.secondQr")} />
        </Suspense>
        <p className="text-center text-cap text-muted">
          {t("account.secondKey")}
          <code className="mt-1 block font-mono text-[12px] break-all text-ink select-all" dir="ltr">
            {props.enrolment.secret}
          </code>
        </p>
        <TextField
          form={form}
          name="code"
          label={t("auth.code")}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          dir="ltr"
          className="num"
        />
        <Button type="submit" look="primary" busy={busy} disabled={waiting > 0} className="self-end">
          {t("account.secondConfirm")}
        </Button>
      </form>
    </Dialog>
  );
}

function Recovery({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const text = codes.join("\n");
  return (
    <Dialog open firm title={t("account.recoveryTitle")} lead={t("account.recoveryText")} onClose={onClose}>
      <ul
        className="grid grid-cols-2 gap-x-6 gap-y-2 rounded-[12px] border border-line bg-sunken p-4 font-mono text-sm"
        dir="ltr"
      >
        {codes.map((one) => (
          <li key={one} className="select-all">
            {one}
          </li>
        ))}
      </ul>
      <footer className="mt-4 flex flex-wrap justify-end gap-2">
        <Button
          icon={<Download />}
          onClick={() => save(new Blob([`${text}\n`], { type: "text/plain" }), "recovery-codes.txt")}
        >
          {t("account.recoveryFile")}
        </Button>
        <CopyWide text={text} />
        <Button look="primary" onClick={onClose}>
          {t("account.recoveryDone")}
        </Button>
      </footer>
    </Dialog>
  );
}
