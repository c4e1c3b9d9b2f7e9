import { createLink, Link as RouterLink } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { buttonLook } from "./button";

function Anchor({ className, ...rest }: ComponentProps<"a">) {
  return <a {...rest} className={clsx("font-[540] text-accent-text underline-offset-3 hover:underline", className)} />;
}

/** A link in a text. */
export const Link = createLink(Anchor);
/** A link without looks of its own: rows, cards. */
export const PlainLink = RouterLink;

function ButtonAnchor({
  look,
  size,
  className,
  ...rest
}: ComponentProps<"a"> & { look?: Parameters<typeof buttonLook>[0]; size?: Parameters<typeof buttonLook>[1] }) {
  return <a {...rest} className={clsx(buttonLook(look, size), className)} />;
}

/** A link that looks like a button: it goes somewhere. */
export const ButtonLink = createLink(ButtonAnchor);
