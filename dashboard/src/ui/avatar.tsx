import { clsx } from "clsx";
import { hueOf, initials } from "./names";

const SIZE = {
  xs: "size-5 text-[8.5px]",
  sm: "size-6 text-[9.5px]",
  md: "size-7 text-[10.5px]",
  lg: "size-9 text-[12.5px]",
  xl: "size-16 text-[20px] font-semibold",
};

/**
 * A person is a round body, a company or a tenant a square one. The hue is made of the id, so it never changes. Its letters are
 * drawn and no text: nobody says them, copies them or looks for them.
 */
export function Avatar(props: {
  name: string;
  id: string;
  size?: keyof typeof SIZE;
  square?: boolean;
  className?: string;
}) {
  return (
    <span
      aria-hidden="true"
      data-hue={hueOf(props.id)}
      data-initials={initials(props.name)}
      className={clsx(
        "avatar grid shrink-0 place-items-center font-[640] tracking-[.01em]",
        SIZE[props.size ?? "md"],
        props.square ? "rounded-[10px]" : "rounded-full",
        props.className,
      )}
    />
  );
}
