import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { IconButton } from "@/ui/button";
import { Opened } from "@/ui/opened";
import { Card } from "../contacts/person/card";
import { useTaskChanges } from "./changes";
import { type Kind, type Task, tasksOf } from "./data";
import { useTaskDialogs } from "./parts/dialogs";
import { TaskRow } from "./parts/row";

const NewTask = lazy(async () => ({ default: (await import("./parts/panel")).NewTask }));

/** What is to do about a contact, a company or a deal. */
export function TasksOf({ about, id, name }: { about: Kind; id: string; name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const writes = useMay("tasks.write");
  const { data } = useQuery(tasksOf(about, id));
  const changes = useTaskChanges();
  const [adding, setAdding] = useState(false);
  const { asks, dialogs } = useTaskDialogs(changes);
  const onOpen = (task: Task) => void navigate({ to: "/tasks", search: { who: "everybody", task: task.id } });
  if (!data || (data.length === 0 && !writes)) return null;
  return (
    <Card
      title={t("tasks.title")}
      note={
        writes && (
          <IconButton small label={t("tasks.create")} onClick={() => setAdding(true)} className="-my-2 -me-2">
            <Plus />
          </IconButton>
        )
      }
    >
      {data.length === 0 ? (
        <p className="text-sm text-muted">{t("tasks.noneAbout")}</p>
      ) : (
        <ul className="-mx-2.5">
          {data.map((task) => (
            <TaskRow key={task.id} task={task} around={{ changes, onOpen, asks }} plain within={about} />
          ))}
        </ul>
      )}
      <Opened open={adding}>
        <NewTask open={adding} onClose={() => setAdding(false)} about={[{ kind: about, id, name }]} />
      </Opened>
      {dialogs}
    </Card>
  );
}
