import { useId } from "react";
import { useTranslation } from "react-i18next";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import type { NewScoring } from "../data";

type Limits = Pick<NewScoring, "warm_from" | "hot_from">;

export const isRight = ({ warm_from, hot_from }: Limits): boolean =>
  Number.isInteger(warm_from) &&
  Number.isInteger(hot_from) &&
  warm_from >= 1 &&
  warm_from < hot_from &&
  hot_from <= 100;

/** Where cold ends and hot begins, also as a picture. */
export function Bands({
  value,
  writes,
  onChange,
}: {
  value: Limits;
  writes: boolean;
  onChange: (next: Limits) => void;
}) {
  const { t } = useTranslation();
  const ids = { warm_from: useId(), hot_from: useId() };
  const { warm_from, hot_from } = value;
  const input = (name: keyof Limits, label: string) => (
    <FieldFrame id={ids[name]} label={label}>
      <input
        id={ids[name]}
        type="number"
        min={1}
        max={100}
        inputMode="numeric"
        disabled={!writes}
        aria-invalid={isRight(value) ? undefined : true}
        value={Number.isNaN(value[name]) ? "" : value[name]}
        onChange={(event) =>
          onChange({ warm_from, hot_from, [name]: event.target.value === "" ? Number.NaN : event.target.valueAsNumber })
        }
        className={`${inputLook} ${inputHeight} num max-w-28`}
      />
    </FieldFrame>
  );
  return (
    <Panel title={t("scores.bands")} note={t("scores.bandsLead")}>
      {isRight(value) && (
        <svg
          viewBox="0 0 100 4"
          preserveAspectRatio="none"
          aria-hidden="true"
          className="mb-3 h-2 w-full rtl:-scale-x-100"
        >
          <rect x="0" y="0" width={warm_from} height="4" className="fill-line-2" />
          <rect x={warm_from} y="0" width={hot_from - warm_from} height="4" className="fill-accent opacity-45" />
          <rect x={hot_from} y="0" width={100 - hot_from} height="4" className="fill-accent" />
        </svg>
      )}
      <div className="flex flex-wrap gap-4">
        {input("warm_from", t("scores.warmFrom"))}
        {input("hot_from", t("scores.hotFrom"))}
      </div>
    </Panel>
  );
}
