import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { tenant } from "@/api/queries";
import { isConnected } from "@/shell/live";
import { Trajectory } from "@/sky/Trajectory/Trajectory";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { TRIAL_DAYS } from "./client-dialogs";
import { listen } from "./room";
import { SettingsFields } from "./settings-fields";

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(120, "name_invalid")),
  slug: z.string().check(z.trim(), z.regex(/^([a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9])?$/, "slug_invalid")),
  country: z.string(),
  zone: z.string(),
  currency: z.string(),
  locale: z.string(),
  trial_days: TRIAL_DAYS,
});

/** Where a client stands on its way: asked for; waiting for a workspace, which is made, and is there; or there itself. */
type Step =
  | { at: "form" }
  | { at: "asked" | "waits" | "making" | "ready"; name: string }
  | { at: "open"; client: Schema["Client"] };

/** While the stream tells when there is room, nobody has to ask: so seldom, in seconds, in case that news are lost. */
const SELDOM = 30;

export function NewClient({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("clients.newTitle")} lead={t("clients.newLead")}>
      <Steps onClose={onClose} />
    </Dialog>
  );
}

function Steps({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<Step>({ at: "form" });
  return (
    <>
      {step.at !== "form" && <Progress step={step} onClose={onClose} />}
      {/* It stays: a refusal comes back to what was typed. */}
      <div hidden={step.at !== "form"}>
        <Form onClose={onClose} onStep={setStep} />
      </div>
    </>
  );
}

function Form({ onClose, onStep }: { onClose: () => void; onStep: (step: Step) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const agency = useQuery(tenant).data;
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { name: "", slug: "", country: "", zone: "", currency: "", locale: "", trial_days: "" },
    codes: { slug_taken: "slug" },
    submit: async ({ trial_days, ...values }) => {
      const given = Object.entries(values).filter(([, value]) => value !== "");
      const trial = trial_days === "" ? {} : { trial_days: Number(trial_days) };
      const body = { ...Object.fromEntries(given), ...trial, name: values.name };
      let waits = false;
      const room = listen((at) => waits && !gone.current && onStep({ at, name: values.name }));
      try {
        for (;;) {
          room.ask();
          if (!waits) onStep({ at: "asked", name: values.name });
          const answer = await attempt(body);
          if (typeof answer !== "number") {
            await cache.invalidateQueries({ queryKey: ["clients"] });
            return onStep({ at: "open", client: answer });
          }
          waits = true;
          onStep({ at: "waits", name: values.name });
          await room.wait(isConnected() ? SELDOM : answer);
          // Closed meanwhile: nothing was made, and nothing will be.
          if (gone.current) return;
        }
      } catch (error) {
        onStep({ at: "form" });
        throw error;
      } finally {
        room.end();
      }
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      {agency && <SettingsFields form={form} agency={agency} focus />}
      <TextField
        form={form}
        name="trial_days"
        label={t("clients.trialDays")}
        help={t("clients.newTrialHelp")}
        optional
        inputMode="numeric"
        dir="ltr"
      />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("clients.create")}
        </Button>
      </footer>
    </form>
  );
}

/** The client, or in how many seconds to ask again: then nothing was made yet. */
async function attempt(body: Schema["NewClient"]): Promise<Schema["Client"] | number> {
  try {
    return await ok(api.POST("/v1/clients", { body }));
  } catch (error) {
    if (hasStatus(error, 503) && error.retryAfter) return error.retryAfter;
    throw error;
  }
}

/** At which of the three steps it is, and what is said of it. */
const PLACE = { asked: 0, waits: 0, making: 1, ready: 2, open: 2 } as const;
const SAID = { asked: "asking", waits: "waits", making: "making", ready: "asking" } as const;

function Progress({ step, onClose }: { step: Exclude<Step, { at: "form" }>; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const open = step.at === "open";
  const now = PLACE[step.at];
  const steps = (["stepAsked", "stepMade", "stepReady"] as const).map((name, at) => ({
    id: name,
    label: t(`clients.${name}`),
    state: at < now ? ("done" as const) : at === now ? ("current" as const) : ("next" as const),
  }));
  return (
    <div className="flex flex-col gap-4">
      <Trajectory label={t("clients.progress")} steps={steps} />
      <p role="status" className="text-center text-sm text-ink-2">
        {step.at === "open"
          ? t("clients.created", { name: step.client.name })
          : t(`clients.${SAID[step.at]}`, { name: step.name })}
      </p>
      {open && (
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={onClose}>
            {t("action.close")}
          </Button>
          <Button
            look="primary"
            autoFocus
            onClick={() => void navigate({ to: "/clients/$id", params: { id: step.client.id } })}
          >
            {t("clients.open")}
          </Button>
        </footer>
      )}
    </div>
  );
}
