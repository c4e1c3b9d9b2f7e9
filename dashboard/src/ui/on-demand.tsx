import { type ComponentProps, type ComponentType, useState } from "react";

type ButtonProps = ComponentProps<"button">;

/**
 * A button whose menu comes with the first interest in it: a pointer above it, the focus, a press. What a page needs to
 * be seen does not wait for what may be opened.
 */
export function onDemand<P extends object>(
  load: () => Promise<ComponentType<P & { defaultOpen?: boolean }>>,
  Button: ComponentType<P & ButtonProps>,
) {
  let known: ComponentType<P & { defaultOpen?: boolean }> | undefined;
  const fetch = async () => {
    known ??= await load();
    return known;
  };
  return function OnDemand(props: P) {
    const [Whole, setWhole] = useState(() => known);
    const [pressed, setPressed] = useState(false);
    if (Whole) return <Whole {...props} defaultOpen={pressed} />;
    const early = () => void fetch().catch(() => undefined);
    const press = async () => {
      setPressed(true);
      const whole = await fetch();
      setWhole(() => whole);
    };
    return (
      <Button
        {...props}
        aria-haspopup="true"
        aria-expanded={pressed}
        onPointerEnter={early}
        onFocus={early}
        onClick={() => void press().catch(() => setPressed(false))}
      />
    );
  };
}
