import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ListMinus, ListPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Choices } from "@/ui/filter";
import { Popover } from "@/ui/popover";
import { say, sayError } from "@/ui/toast";
import type { Chosen } from "../contacts/list/chosen";
import { choosable, type Segment, useSegmentChanges } from "./data";

/** The server takes this many at once. */
const MOST = 500;
type Way = "add" | "remove";

/** Puts what is chosen into a static segment, or takes it out. */
export function SegmentPickers({ chosen, busy }: { chosen: Chosen; busy: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { create } = useSegmentChanges();
  const { data = [] } = useQuery(choosable);
  const [working, setWorking] = useState(false);
  const lists = data.filter(({ kind }) => kind === "static");

  const run = async (id: string, way: Way, contacts: readonly string[]) => {
    const moved: string[] = [];
    for (let at = 0; at < contacts.length; at += MOST) {
      const body = { [way]: contacts.slice(at, at + MOST) };
      const part = await ok(api.POST("/v1/segments/{id}/members", { params: { path: { id } }, body }));
      moved.push(...(way === "add" ? part.added : part.removed));
    }
    return moved;
  };
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ["segments"] });
    void cache.invalidateQueries({ queryKey: ["contacts"] });
  };
  const apply = async (list: Pick<Segment, "id" | "name">, way: Way) => {
    setWorking(true);
    try {
      const moved = await run(list.id, way, [...chosen.rows().keys()]);
      const back = way === "add" ? "remove" : "add";
      say(t(`segments.done.${way}`, { count: moved.length, name: list.name }), {
        ...(moved.length > 0 && {
          undo: () =>
            void run(list.id, back, moved)
              .then(refresh)
              .catch((error: unknown) => sayError(t("error.notSaved"), sayThrown(error))),
        }),
      });
      chosen.clear();
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    } finally {
      setWorking(false);
      refresh();
    }
  };
  const begin = async (name: string) => {
    try {
      await apply(await create.mutateAsync({ name, kind: "static" }), "add");
    } catch (error) {
      sayError(t("error.notSaved"), sayThrown(error));
    }
  };
  const picker = (way: Way) => (
    <Pick
      label={t(`segments.bulk.${way}`)}
      way={way}
      busy={busy || working}
      choices={lists.map(({ id, name }) => ({ value: id, label: name }))}
      onChoose={(id) => {
        const list = lists.find((one) => one.id === id);
        if (list) void apply(list, way);
      }}
      {...(way === "add" && { onNew: (name: string) => void begin(name) })}
    />
  );
  return (
    <>
      {picker("add")}
      {lists.length > 0 && picker("remove")}
    </>
  );
}

function Pick(props: {
  label: string;
  way: Way;
  busy: boolean;
  choices: { value: string; label: string }[];
  onChoose: (id: string) => void;
  onNew?: (name: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const { label, onNew } = props;
  const then = (run: (text: string) => void) => (text: string) => {
    setOpen(false);
    run(text);
  };
  return (
    <Popover
      label={label}
      align="center"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button
          writes
          size="small"
          look="ghost"
          icon={props.way === "add" ? <ListPlus /> : <ListMinus />}
          disabled={props.busy}
        >
          {label}
        </Button>
      }
    >
      <Choices
        label={label}
        choices={props.choices}
        onChoose={then(props.onChoose)}
        {...(onNew && { onNew: then(onNew) })}
      />
    </Popover>
  );
}
