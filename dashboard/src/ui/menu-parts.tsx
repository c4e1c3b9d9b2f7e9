import { Menu as Base } from "@base-ui/react/menu";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { useLookOnly } from "./read-only";

export const popupLook =
  "rounded-[14px] border border-line-2 bg-overlay shadow-3 outline-none transition-[opacity,transform] duration-160 ease-out data-[ending-style]:opacity-0 data-[starting-style]:-translate-y-1 data-[starting-style]:opacity-0";
const itemLook =
  "flex min-h-[34px] cursor-default select-none items-center gap-2.5 rounded-[8px] px-2.5 text-[13.5px] text-ink-2 outline-none data-[highlighted]:bg-hover data-[highlighted]:text-ink data-[disabled]:text-faint coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

export function Menu(props: {
  trigger: ReactElement;
  children: ReactNode;
  side?: "bottom" | "top" | "inline-end";
  align?: "start" | "end" | "center";
  className?: string;
  defaultOpen?: boolean;
}) {
  return (
    <Base.Root defaultOpen={props.defaultOpen}>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner
          className="z-70 outline-none"
          side={props.side ?? "bottom"}
          align={props.align ?? "start"}
          sideOffset={6}
          collisionPadding={8}
        >
          <Base.Popup
            className={clsx(
              popupLook,
              "max-h-(--available-height) min-w-52 max-w-80 overflow-y-auto p-1.5",
              props.className,
            )}
          >
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** `writes`: it changes something on the server, or leads to it; what is dangerous does. */
export function MenuItem({
  icon,
  children,
  danger,
  writes = danger,
  ...rest
}: ComponentProps<typeof Base.Item> & { icon?: ReactNode; danger?: boolean; writes?: boolean }) {
  const reason = useLookOnly(writes === true);
  return (
    <Base.Item
      {...rest}
      {...(reason && { disabled: true, title: reason })}
      className={clsx(itemLook, danger && !reason && "text-danger-text! [&_svg]:text-danger-text!")}
    >
      {icon}
      {children}
    </Base.Item>
  );
}

/** One of several: the chosen one carries a check. */
export function MenuChoices<T extends string>(props: {
  label: string;
  value: T | undefined;
  choices: readonly { value: T; label: ReactNode }[];
  onChoose: (value: T) => void;
  closes?: boolean;
}) {
  return (
    <Base.Group>
      <MenuLabel>{props.label}</MenuLabel>
      <Base.RadioGroup value={props.value ?? null} onValueChange={(value) => props.onChoose(value as T)}>
        {props.choices.map(({ value, label }) => (
          <Base.RadioItem key={value} value={value} closeOnClick={props.closes ?? true} className={itemLook}>
            <span className="min-w-0 flex-1 truncate">{label}</span>
            <Base.RadioItemIndicator>
              <Check aria-hidden="true" className="text-accent-text!" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuCheck({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Base.CheckboxItem checked={checked} onCheckedChange={onChange} closeOnClick={false} className={itemLook}>
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <Base.CheckboxItemIndicator>
        <Check aria-hidden="true" className="text-accent-text!" />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Base.GroupLabel className="px-2.5 pt-1.5 pb-1 text-cap text-muted">{children}</Base.GroupLabel>;
}

export const MenuGroup = Base.Group;

export function MenuLine() {
  return <Base.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;
}
