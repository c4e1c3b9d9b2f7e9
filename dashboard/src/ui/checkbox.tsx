import { Check, Minus } from "lucide-react";

const MARK = "pointer-events-none absolute size-3 stroke-3 text-on-accent";

/** The browser's own checkbox, in our clothes: it is announced, labelled and clicked as people expect. */
export function Checkbox(props: {
  label: string;
  checked: boolean;
  some?: boolean;
  onChange: (on: boolean, range: boolean) => void;
  tabIndex?: number;
}) {
  return (
    <span className="relative grid size-[17px] shrink-0 place-items-center">
      <input
        type="checkbox"
        aria-label={props.label}
        checked={props.checked}
        ref={(node) => {
          if (node) node.indeterminate = Boolean(props.some && !props.checked);
        }}
        tabIndex={props.tabIndex}
        onChange={(event) => props.onChange(event.target.checked, (event.nativeEvent as MouseEvent).shiftKey === true)}
        className="size-[17px] cursor-pointer appearance-none rounded-[5px] border-[1.5px] border-control bg-sunken after:absolute after:-inset-3.5 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent"
      />
      {/* Most boxes of a long list are empty: their marks are not made. */}
      {props.checked ? <Check aria-hidden="true" className={MARK} /> : null}
      {props.some && !props.checked ? <Minus aria-hidden="true" className={MARK} /> : null}
    </span>
  );
}
