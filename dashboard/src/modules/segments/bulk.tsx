import { useQuery } from "@tanstack/react-query";
import { ListMinus, ListPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Picker } from "@/ui/bulk-bar";
import { Choices } from "@/ui/filter";
import { sayError } from "@/ui/toast";
import type { Change } from "../contacts/bulk/runs";
import { choosable, type Segment, useSegmentChanges } from "./data";

type List = Pick<Segment, "id" | "name">;
const CHANGES = {
  add: ({ id }: List) => ({ add_to_segment: id }),
  remove: ({ id }: List) => ({ remove_from_segment: id }),
};

/** Puts what is chosen into a static segment, or takes it out. */
export function SegmentPickers({
  busy,
  apply,
}: {
  busy: boolean;
  /** Has the server do it, and says what came of it. */
  apply: (change: Change, said: (count: number) => string) => Promise<void>;
}) {
  const { t } = useTranslation();
  const { create } = useSegmentChanges();
  const { data = [] } = useQuery(choosable);
  const [making, setMaking] = useState(false);
  const lists = data.filter(({ kind }) => kind === "static");

  const move = (list: List, way: keyof typeof CHANGES) =>
    apply(CHANGES[way](list), (count) => t(`segments.done.${way}`, { count, name: list.name }));
  const begin = async (name: string) => {
    setMaking(true);
    try {
      await move(await create.mutateAsync({ name, kind: "static" }), "add");
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      setMaking(false);
    }
  };
  const picker = (way: keyof typeof CHANGES) => (
    <Picker label={t(`segments.bulk.${way}`)} icon={way === "add" ? <ListPlus /> : <ListMinus />} busy={busy || making}>
      {(choose) => (
        <Choices
          label={t(`segments.bulk.${way}`)}
          choices={lists.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={(id) => {
            const list = lists.find((one) => one.id === id);
            if (list) choose(() => void move(list, way));
          }}
          {...(way === "add" && { onNew: (name: string) => choose(() => void begin(name)) })}
        />
      )}
    </Picker>
  );
  return (
    <>
      {picker("add")}
      {lists.length > 0 && picker("remove")}
    </>
  );
}
