/** Records beside each other, with a choice for each field in which they differ: of contacts and of companies alike. */
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Avatar } from "@/ui/avatar";
import { Panel } from "@/ui/panel";
import { first, type Row } from "./rows";

/** What is compared. */
export interface Compared {
  id: string;
  name: string;
  created_at: string;
}

/** Which of them was added first. */
export const oldest = (records: readonly { created_at: string }[]) =>
  records.reduce((best, each, n) => (each.created_at < (records[best]?.created_at ?? "") ? n : best), 0);

/** Choices as the API wants them: the id of the record whose value a field gets. */
export const chosenIds = (choices: Readonly<Record<string, number>>, records: readonly { id: string }[]) =>
  Object.fromEntries(
    Object.entries(choices).flatMap(([field, n]) => {
      const from = records[n];
      return from ? [[field, from.id]] : [];
    }),
  );

export function Grid(props: {
  label: string;
  records: readonly Compared[];
  rows: readonly Row[];
  square?: boolean;
  kept: number;
  choices: Readonly<Record<string, number>>;
  onKeep: (n: number) => void;
  onChoose: (field: string, n: number) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { records, kept } = props;
  return (
    <Panel label={props.label} bare flush>
      <div className="overflow-x-auto rounded-t-panel">
        <div
          className="grid md:min-w-fit"
          style={{ "--columns": `minmax(110px, 150px) repeat(${records.length}, minmax(180px, 1fr))` } as object}
        >
          <fieldset className="grid min-w-0 border-line border-b bg-sunken md:grid-cols-(--columns)">
            <legend className="sr-only">{t("duplicates.choice")}</legend>
            <span className="px-4 py-3 text-[12.5px] text-muted max-md:pb-0">{t("duplicates.choice")}</span>
            {records.map((each, n) => (
              <label
                key={each.id}
                className="flex min-h-11 cursor-pointer items-center gap-2.5 px-4 py-2.5 hover:bg-hover"
              >
                <input type="radio" name="kept" checked={n === kept} onChange={() => props.onKeep(n)} />
                <Avatar name={each.name} id={each.id} size="sm" square={props.square} />
                <span className="min-w-0">
                  <b className="block truncate text-[14px] font-[590]">
                    <bdi>{each.name}</bdi>
                  </b>
                  <span className="block text-[12.5px] text-muted">
                    {t("contacts.createdAt")} {formats.when(each.created_at)}
                  </span>
                </span>
              </label>
            ))}
          </fieldset>
          {props.rows.map((row) => (
            <Choice
              key={row.field}
              row={row}
              records={records}
              chosen={props.choices[row.field] ?? first(row, kept)}
              onChoose={(n) => props.onChoose(row.field, n)}
            />
          ))}
        </div>
      </div>
      <p className="px-4 py-3 text-[12.5px] text-muted">{t("duplicates.same")}</p>
    </Panel>
  );
}

/** One field: whose value is kept. Arrow keys go through the records. */
function Choice(props: { row: Row; records: readonly Compared[]; chosen: number; onChoose: (n: number) => void }) {
  const { t } = useTranslation();
  const { row, chosen } = props;
  return (
    <fieldset className="grid min-w-0 border-line border-b md:grid-cols-(--columns)">
      <legend className="sr-only">{t("duplicates.choose", { field: row.label })}</legend>
      <span className="px-4 py-2.5 text-[12.5px] text-muted max-md:pb-0">
        <b className="block font-[560] text-ink-2">{row.label}</b>
        {row.united && t("duplicates.united")}
      </span>
      {props.records.map((each, n) => (
        <label
          key={each.id}
          className={`flex min-h-11 cursor-pointer items-start gap-2.5 px-4 py-2.5 text-[13.5px] hover:bg-hover ${
            n === chosen || row.united ? "text-ink" : "text-muted"
          }`}
        >
          <input
            type="radio"
            name={row.field}
            checked={n === chosen}
            onChange={() => props.onChoose(n)}
            className="mt-0.5"
          />
          <span className="min-w-0 break-words">
            {(row.values[n] || t("duplicates.empties")).split("\n").map((line) => (
              <Fragment key={line}>
                <bdi className={row.values[n] ? "block" : "block italic"}>{line}</bdi>
              </Fragment>
            ))}
            <span className="sr-only">, {each.name}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
