import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CheckSquare, Ellipsis, Milestone, Phone } from "lucide-react";
import { type FormEvent, lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { withWords } from "@/i18n/words";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Menu, MenuItem } from "@/ui/menu";
import { say, sayError } from "@/ui/toast";
import { useFollowUpChanges } from "./changes";
import { sequences } from "./data";

const NewTask = lazy(async () => ({
  default: (await withWords(["tasks"], import("@/modules/tasks/parts/panel"))).NewTask,
}));

export interface Quiet {
  kind: "contact" | "company";
  id: string;
  name: string;
}

/** What can be done about somebody who is quiet: ring up, plan, or begin a sequence. */
export function RadarActs({ quiet }: { quiet: Quiet }) {
  const { t } = useTranslation();
  const logs = useMay("activities.write");
  const plans = useMay("tasks.write");
  const enrols = useMay("followups.write") && quiet.kind === "contact";
  const { put } = useFollowUpChanges();
  const { data } = useQuery({ ...sequences, enabled: enrols });
  const [open, setOpen] = useState<"call" | "task">();
  const on = enrols ? (data?.filter(({ enabled }) => enabled) ?? []) : [];
  if (!logs && !plans && on.length === 0) return null;
  const { name } = quiet;
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("followups.radar.acts", { name })}>
            <Ellipsis />
          </IconButton>
        }
      >
        {logs && (
          <MenuItem writes icon={<Phone />} onClick={() => setOpen("call")}>
            {t("followups.radar.logCall")}
          </MenuItem>
        )}
        {plans && (
          <MenuItem writes icon={<CheckSquare />} onClick={() => setOpen("task")}>
            {t("followups.radar.makeTask")}
          </MenuItem>
        )}
        {on.map((sequence) => (
          <MenuItem
            writes
            key={sequence.id}
            icon={<Milestone />}
            onClick={() => put.mutate({ contact: quiet.id, sequence })}
          >
            {t("followups.putInto", { name: sequence.name })}
          </MenuItem>
        ))}
      </Menu>
      <LogCall quiet={quiet} open={open === "call"} onClose={() => setOpen(undefined)} />
      {open === "task" && (
        <Suspense>
          <NewTask open onClose={() => setOpen(undefined)} about={[quiet]} />
        </Suspense>
      )}
    </>
  );
}

const REACHED = ["answered", "unanswered", "inbound"] as const;
type Reached = (typeof REACHED)[number];

/** As a call is kept: who rang whom, and whether anybody was reached. */
const SAID: Record<Reached, Pick<Schema["NewActivity"], "direction" | "outcome">> = {
  answered: { direction: "outbound", outcome: "answered" },
  unanswered: { direction: "outbound", outcome: "no answer" },
  inbound: { direction: "inbound" },
};

function LogCall({ quiet, open, onClose }: { quiet: Quiet; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t("followups.radar.logCall")} lead={quiet.name}>
      <CallForm quiet={quiet} onClose={onClose} />
    </Dialog>
  );
}

function CallForm({ quiet, onClose }: { quiet: Quiet; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const id = useId();
  const [title, setTitle] = useState("");
  const [reached, setReached] = useState<Reached>("answered");
  const log = useMutation({
    mutationFn: () => {
      const body = { kind: "call" as const, title: title.trim(), ...SAID[reached] };
      const params = { path: { id: quiet.id } };
      return quiet.kind === "contact"
        ? ok(api.POST("/v1/contacts/{id}/activities", { params, body }))
        : ok(api.POST("/v1/companies/{id}/activities", { params, body }));
    },
    onSuccess: () => {
      for (const key of ["radar", "follow_ups", "timeline"]) void cache.invalidateQueries({ queryKey: [key] });
      say(t("followups.radar.logged", { name: quiet.name }));
      onClose();
    },
    onError: (error) => sayError(sayThrown(error)),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() && !log.isPending) log.mutate();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3.5">
      <FieldFrame id={id} label={t("followups.radar.callAbout")}>
        <input
          id={id}
          value={title}
          maxLength={200}
          dir="auto"
          onChange={(event) => setTitle(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <FieldFrame id={`${id}-reached`} label={t("followups.radar.reached")}>
        <Select
          id={`${id}-reached`}
          value={reached}
          onChange={(event) => setReached(REACHED.find((one) => one === event.target.value) ?? "answered")}
        >
          {REACHED.map((value) => (
            <option key={value} value={value}>
              {t(`followups.radar.reachedOf.${value}`)}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={log.isPending} disabled={!title.trim()}>
          {t("followups.radar.log")}
        </Button>
      </footer>
    </form>
  );
}
