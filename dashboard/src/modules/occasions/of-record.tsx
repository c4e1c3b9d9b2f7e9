import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { IconButton } from "@/ui/button";
import { Opened } from "@/ui/opened";
import { Card } from "../contacts/person/card";
import { KindIcon, useWhat } from "./calendar/entry";
import { type About, type Occasion, occasionsOf } from "./data";
import { dayAs } from "./days";
import { useLocale } from "./locale";

const OccasionDialog = lazy(async () => ({ default: (await import("./form")).OccasionDialog }));

/** Dates to remember of a contact or a company. */
export function OccasionsOf({ about, id, name }: { about: About; id: string; name: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const writes = useMay("occasions.write");
  const what = useWhat();
  const { data } = useQuery(occasionsOf(about, id));
  const [open, setOpen] = useState<Occasion | "new">();
  if (!data || (data.length === 0 && !writes)) return null;
  const dayOf = ({ next_on }: Occasion) =>
    next_on ? dayAs(next_on, locale, { day: "numeric", month: "short", year: "numeric" }) : t("occasions.over");
  return (
    <Card
      title={t("occasions.title")}
      note={
        writes && (
          <IconButton small label={t("occasions.add")} onClick={() => setOpen("new")} className="-my-2 -me-2">
            <Plus />
          </IconButton>
        )
      }
    >
      {data.length === 0 ? (
        <p className="text-sm text-muted">{t("occasions.noneAbout")}</p>
      ) : (
        <ul className="-mx-2">
          {data.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => setOpen(one)}
                className="flex min-h-9 w-full items-center gap-2 rounded-control px-2 text-start text-sm hover:bg-hover coarse:min-h-11"
              >
                <KindIcon kind={one.kind} />
                <span className="min-w-0 flex-1 truncate">
                  {what({ kind: one.kind, label: one.label, years: one.next_years })}
                </span>
                <span className="num shrink-0 text-muted">{dayOf(one)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Opened open={open !== undefined}>
        <OccasionDialog
          open={open !== undefined}
          one={open === "new" ? undefined : open}
          about={about}
          id={id}
          name={name}
          onClose={() => setOpen(undefined)}
        />
      </Opened>
    </Card>
  );
}
