import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/dialog";
import { useEnds } from "../changes";
import { type Deal, pipelines } from "../data";
import { ReasonForm } from "./reason-form";

export interface Ending {
  deal: Deal;
  how: "won" | "lost" | "abandoned";
}

/** How a deal ends: why, in one of the pipeline's words or in others, and what else is worth keeping. */
export function CloseDialog({ ending, onClose }: { ending: Ending | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(ending);
  // Its words stay while it goes away.
  if (ending && ending !== last) setLast(ending);
  const now = ending ?? last;
  if (!now) return null;
  const { deal, how } = now;
  return (
    <Dialog
      open={ending !== undefined}
      onClose={onClose}
      title={t(`deals.closeTitle.${how}`, { title: deal.title })}
      lead={t(`deals.closeLead.${how}`)}
    >
      <Form key={`${deal.id}${how}`} deal={deal} how={how} onClose={onClose} />
    </Dialog>
  );
}

function Form({ deal, how, onClose }: Ending & { onClose: () => void }) {
  const { data } = useQuery(pipelines);
  const { close } = useEnds();
  return (
    <ReasonForm
      how={how}
      offered={data?.find(({ id }) => id === deal.pipeline)?.reasons ?? []}
      busy={close.isPending}
      error={close.error}
      onClose={onClose}
      onDone={(outcome) => close.mutate({ deal, ...outcome }, { onSuccess: onClose })}
    />
  );
}
