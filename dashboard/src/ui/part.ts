import { type ComponentProps, type KeyboardEvent, type MouseEvent, useEffect, useState } from "react";

/** Something that a page can be seen without: it is fetched once, when somebody shows interest. */
export interface Part<T> {
  now: () => T | undefined;
  load: () => Promise<T>;
}

export function part<T>(fetch: () => Promise<T>): Part<T> {
  let known: T | undefined;
  return {
    now: () => known,
    load: async () => {
      known ??= await fetch();
      return known;
    },
  };
}

/**
 * A button whose popup comes with the first interest in it: a pointer above it, the focus, a press. Until then it is
 * drawn as it is, with `wearing` what makes it one that opens something.
 */
export function useDemanded<T>(what: Part<T>, kind: "menu" | "dialog", open = false, onOpen?: () => void) {
  const [whole, setWhole] = useState(what.now);
  const [pressed, setPressed] = useState(open);
  const press = () => {
    setPressed(true);
    const show = (come: T) => {
      setWhole(() => come);
      onOpen?.();
    };
    void what.load().then(show, () => setPressed(false));
  };
  // It is to be open before anybody could press.
  const missing = open && whole === undefined;
  useEffect(() => {
    if (missing)
      void what
        .load()
        .then((come) => setWhole(() => come))
        .catch(() => undefined);
  }, [missing, what]);
  const early = () => void what.load().catch(() => undefined);
  const wearing = (own: ComponentProps<"button">): ComponentProps<"button"> => ({
    "aria-haspopup": kind,
    "aria-expanded": pressed,
    onPointerEnter: early,
    onFocus: early,
    onClick: (event: MouseEvent<HTMLButtonElement>) => {
      own.onClick?.(event);
      press();
    },
    ...(kind === "menu" && {
      onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => {
        own.onKeyDown?.(event);
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        press();
      },
    }),
  });
  return { whole, pressed, wearing };
}
