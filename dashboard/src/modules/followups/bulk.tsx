import { useQuery } from "@tanstack/react-query";
import { Milestone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Picker } from "@/ui/bulk-bar";
import { Choices } from "@/ui/filter";
import { useFollowUpChanges } from "./changes";
import { sequences } from "./data";

/** Puts chosen contacts into a sequence. Those who go through it already stay where they are. */
export function SequencePicker({ contacts, busy }: { contacts: readonly string[]; busy: boolean }) {
  const { t } = useTranslation();
  const { data } = useQuery(sequences);
  const { putMany } = useFollowUpChanges();
  const on = data?.filter(({ enabled }) => enabled) ?? [];
  if (on.length === 0) return null;
  return (
    <Picker label={t("followups.put")} icon={<Milestone />} busy={busy || putMany.isPending}>
      {(choose) => (
        <Choices
          label={t("followups.put")}
          choices={on.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={(id) => {
            const sequence = on.find((one) => one.id === id);
            if (sequence) choose(() => putMany.mutate({ contacts, sequence }));
          }}
        />
      )}
    </Picker>
  );
}
