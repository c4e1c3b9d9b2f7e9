import { type ComponentProps, lazy } from "react";
import type * as Parts from "./dialog-parts";
import { Opened } from "./opened";
import { part } from "./part";

export const dialogParts = part<typeof Parts>(() => import("./dialog-parts"));
const Whole = lazy(async () => ({ default: (await dialogParts.load()).Dialog }));

/** For what may not be missed, and for making something new; it comes with its first opening. */
export function Dialog(props: ComponentProps<typeof Parts.Dialog>) {
  return (
    <Opened open={props.open}>
      <Whole {...props} />
    </Opened>
  );
}
