import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Popover } from "@/ui/popover";

/** Which columns are shown, and in which order. */
export function ColumnChooser<Id extends string>(props: {
  columns: Id[];
  /** Every column there is, and what it is called. */
  known: readonly { id: Id; name: string }[];
  usual: readonly Id[];
  /** Beside much else: the icon alone until there is room. */
  brief?: boolean;
  onChange: (next: Id[]) => void;
}) {
  const { t } = useTranslation();
  const { columns, known, onChange } = props;
  const hidden = known.filter(({ id }) => !columns.includes(id)).map(({ id }) => id);
  const move = (id: Id, step: -1 | 1) => {
    const next = [...columns];
    const at = next.indexOf(id);
    next.splice(at + step, 0, ...next.splice(at, 1));
    onChange(next);
  };
  return (
    <Popover
      label={t("contacts.columns")}
      trigger={
        <Button icon={<Columns3 />} title={t("contacts.columns")} className="max-md:hidden">
          <span className={props.brief ? "md:max-2xl:sr-only" : "md:max-xl:sr-only"}>{t("contacts.columns")}</span>
        </Button>
      }
    >
      <ul className="w-64 p-2">
        {[...columns, ...hidden].map((id) => {
          const column = known.find((one) => one.id === id);
          if (!column) return null;
          const on = columns.includes(id);
          const at = columns.indexOf(id);
          const { name } = column;
          return (
            <li key={id} className="flex min-h-[34px] items-center gap-2.5 rounded-[8px] px-2 hover:bg-hover">
              <Checkbox
                label={name}
                checked={on}
                onChange={(next) => onChange(next ? [...columns, id] : columns.filter((other) => other !== id))}
              />
              <span aria-hidden="true" className="flex-1 truncate text-[13.5px]">
                {name}
              </span>
              {on && (
                <>
                  <Mover
                    label={t("contacts.columnSooner", { column: name })}
                    disabled={at === 0}
                    onClick={() => move(id, -1)}
                  >
                    <ArrowUp aria-hidden="true" />
                  </Mover>
                  <Mover
                    label={t("contacts.columnLater", { column: name })}
                    disabled={at === columns.length - 1}
                    onClick={() => move(id, 1)}
                  >
                    <ArrowDown aria-hidden="true" />
                  </Mover>
                </>
              )}
            </li>
          );
        })}
      </ul>
      <div className="border-line border-t p-2">
        <Button size="small" look="ghost" onClick={() => onChange([...props.usual])}>
          {t("contacts.columnsUsual")}
        </Button>
      </div>
    </Popover>
  );
}

function Mover(props: { label: string; disabled: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
      className="grid size-7 place-items-center rounded-[6px] text-muted hover:bg-raised hover:text-ink disabled:text-faint [&_svg]:size-3.5"
    >
      {props.children}
    </button>
  );
}
