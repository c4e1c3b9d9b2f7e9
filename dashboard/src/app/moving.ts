import { store } from "./store";

/**
 * From one tenant to another. Until he is there no page is on the screen: none may ask for what is of the one with the
 * credential of the other, and nothing typed in one may reach the other.
 */
export const moving = store(false);

export async function move(work: () => Promise<void>): Promise<void> {
  moving.set(true);
  try {
    await work();
  } finally {
    moving.set(false);
  }
}
