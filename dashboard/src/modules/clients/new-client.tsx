import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { tenant } from "@/api/queries";
import { Trajectory } from "@/sky/Trajectory/Trajectory";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { TRIAL_DAYS } from "./client-dialogs";
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

/** Where a client stands on its way: asked for, waiting for a workspace to be made, or there. */
type Step = { at: "form" } | { at: "asked"; name: string; wait: number } | { at: "ready"; client: Schema["Client"] };

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
      try {
        for (;;) {
          onStep({ at: "asked", name: values.name, wait: 0 });
          const answer = await attempt(body);
          if (typeof answer !== "number") {
            await cache.invalidateQueries({ queryKey: ["clients"] });
            return onStep({ at: "ready", client: answer });
          }
          onStep({ at: "asked", name: values.name, wait: answer });
          await new Promise((resolve) => setTimeout(resolve, answer * 1000));
          // Closed meanwhile: nothing was made, and nothing will be.
          if (gone.current) return;
        }
      } catch (error) {
        onStep({ at: "form" });
        throw error;
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

/** The client, or how many seconds it takes until a workspace is ready: then nothing was made yet. */
async function attempt(body: Schema["NewClient"]): Promise<Schema["Client"] | number> {
  try {
    return await ok(api.POST("/v1/clients", { body }));
  } catch (error) {
    if (hasStatus(error, 503) && error.retryAfter) return error.retryAfter;
    throw error;
  }
}

function Progress({ step, onClose }: { step: Exclude<Step, { at: "form" }>; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ready = step.at === "ready";
  const steps = [
    { id: "asked", label: t("clients.stepAsked"), state: "done" },
    { id: "made", label: t("clients.stepMade"), state: ready ? "done" : "current" },
    { id: "ready", label: t("clients.stepReady"), state: ready ? "current" : "next" },
  ] as const;
  return (
    <div className="flex flex-col gap-4">
      <Trajectory label={t("clients.progress")} steps={steps} />
      <p role="status" className="text-center text-sm text-ink-2">
        {ready
          ? t("clients.created", { name: step.client.name })
          : step.wait > 0
            ? t("clients.making", { count: step.wait })
            : t("clients.asking", { name: step.name })}
      </p>
      {ready && (
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
