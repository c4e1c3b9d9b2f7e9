import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { isMoving, MOVING, movingDay } from "./days";

/** A day of a filter: one of the calendar, or one that moves with today, so that a saved view is right tomorrow too. */
export function DayInput(props: { label: string; value: string; onChange: (next: string) => void }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { label, value, onChange } = props;
  const moves = isMoving(value);
  const offered = moves && !MOVING.includes(value) ? [value, ...MOVING] : MOVING;
  return (
    <>
      <Select
        aria-label={t("contacts.filterDay", { field: label })}
        value={moves ? value : ""}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t("contacts.filterCalendar")}</option>
        {offered.map((day) => (
          <option key={day} value={day}>
            {movingDay(day, locale)}
          </option>
        ))}
      </Select>
      {!moves && (
        <input
          type="date"
          aria-label={label}
          value={value}
          max="9998-12-31"
          onChange={(event) => onChange(event.target.value)}
          className={clsx(inputLook, inputHeight)}
        />
      )}
    </>
  );
}
