import { api, ok } from "@/api/client";
import { me, queries } from "@/api/queries";

/**
 * Being told although the console is closed. A browser can be told when its owner said yes; whom it tells depends on who
 * is signed in, so a browser is offered to the API anew with each sign-in of the person who said it.
 */
const WHOSE = "upz.push";

export const canPush = (): boolean =>
  "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

export const permission = (): NotificationPermission => (canPush() ? Notification.permission : "denied");

const subscription = async (): Promise<PushSubscription | null> =>
  (await navigator.serviceWorker.ready).pushManager.getSubscription();

async function offer(given: PushSubscription) {
  const { endpoint = "", keys = {} } = given.toJSON();
  const body = { endpoint, keys: { p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" } };
  return ok(api.POST("/v1/push-subscriptions", { body }));
}

const owner = () => queries.getQueryData(me.queryKey)?.user?.id;

/** Asks for the permission if nobody has answered yet: call it only when somebody pressed something. */
export async function tellThisDevice(): Promise<"told" | "denied"> {
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  const { public_key } = await ok(api.GET("/v1/push-subscriptions/key"));
  const manager = (await navigator.serviceWorker.ready).pushManager;
  const options = { userVisibleOnly: true, applicationServerKey: public_key };
  // One made for another key pair is of no use.
  const given = await manager.subscribe(options).catch(async () => {
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe(options);
  });
  await offer(given);
  remember(owner());
  return "told";
}

/** This browser forgets it, wherever the API stands. */
export async function tellNoMore(): Promise<void> {
  remember(undefined);
  await (await subscription())?.unsubscribe();
}

/** After a sign-in: whoever said yes here before is told here again. Nobody is asked anything. */
export async function tellAgain(user: string): Promise<void> {
  try {
    if (localStorage.getItem(WHOSE) !== user || permission() !== "granted") return;
    const given = await subscription();
    if (given) await offer(given);
  } catch {
    // It is tried again the next time.
  }
}

function remember(user: string | undefined): void {
  try {
    if (user) localStorage.setItem(WHOSE, user);
    else localStorage.removeItem(WHOSE);
  } catch {
    // Then it has to be switched on again after the next sign-in.
  }
}
