/** A box without words beside it, as lists have them; how boxes look is said once for all (`base.css`). */
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
        className="after:absolute after:-inset-3.5"
      />
    </span>
  );
}
