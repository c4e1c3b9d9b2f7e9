import { clsx } from "clsx";
import { useState } from "react";
import { inputHeight, inputLook } from "@/ui/input-look";

/** A whole number; while what is typed is none, the last one holds. */
export function Count(props: {
  /** Its name where no label stands beside it. */
  label?: string;
  id?: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const { label, value, least, most, onChange } = props;
  const [typed, setTyped] = useState<string>();
  return (
    <input
      id={props.id}
      type="number"
      inputMode="numeric"
      aria-label={label}
      min={least}
      max={most}
      value={typed ?? value}
      onChange={({ target }) => {
        setTyped(target.value);
        const next = Number(target.value);
        if (target.value !== "" && Number.isInteger(next) && next >= least && next <= most) onChange(next);
      }}
      onBlur={() => setTyped(undefined)}
      className={clsx(inputLook, inputHeight, "num w-20! shrink-0")}
    />
  );
}
