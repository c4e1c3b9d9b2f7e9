/**
 * The service worker: it keeps the files of one build, so that the console starts without a network, and nothing else.
 * An answer of the API is never kept: it belongs to one person at one moment.
 *
 * It may import nothing: it is served as one classic script.
 */
export {};

declare const self: ServiceWorkerGlobalScope;
/** Filled in when the build is packed. */
declare const UPZ_BUILD: { version: string; files: string[] };

const PREFIX = "upz-shell-";
const CACHE = PREFIX + UPZ_BUILD.version;
const DOCUMENT = "/index.html";
/** A server that takes longer to hand out the document is as good as away. */
const PATIENCE = 4000;
/** Pages that somebody else answers. */
const NOT_OURS = /^\/(v1|docs|edge|healthz|readyz|metrics|openapi\.json)(\/|$)/;

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    // The document has no hash in its name: the browser's own memory of it may be of another build.
    await cache.put(
      DOCUMENT,
      await newDocument(new Request("/", { cache: "reload", headers: { accept: "text/html" } })),
    );
    await cache.addAll(UPZ_BUILD.files);
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const ours = (await caches.keys()).filter((key) => key.startsWith(PREFIX) && key !== CACHE);
    // Tabs that still run the build before this one go on finding its parts.
    await Promise.all(ours.slice(0, -1).map((key) => caches.delete(key)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") void self.skipWaiting();
});

interface Told {
  id: string;
  title: string;
  body: string;
  link?: string | null;
  tenant: string;
  critical: boolean;
}

self.addEventListener("push", (event) => {
  const told = event.data?.json() as Told | undefined;
  if (told?.title) event.waitUntil(tell(told));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data as Told));
});

// The push service made another address for this browser: the console offers it to the API when it is opened next.
self.addEventListener("pushsubscriptionchange", (event) => {
  const { oldSubscription } = event as Event & { oldSubscription?: PushSubscription };
  const options = oldSubscription?.options;
  if (options) (event as ExtendableEvent).waitUntil(self.registration.pushManager.subscribe(options));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || NOT_OURS.test(url.pathname)) return;
  if (request.mode === "navigate") return event.respondWith(page(event));
  if (url.pathname.startsWith("/assets/")) return event.respondWith(asset(request));
  if (UPZ_BUILD.files.includes(url.pathname)) event.respondWith(newest(request));
});

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

/** Whoever looks at the console sees it there. */
async function tell(told: Told): Promise<void> {
  if ((await windows()).some((window) => window.focused)) return;
  await self.registration.showNotification(told.title, {
    body: told.body,
    // The same news takes the place of itself.
    tag: told.id,
    icon: "/icons/app-192.png",
    badge: "/icons/badge-96.png",
    requireInteraction: told.critical,
    data: told,
  });
}

/** To the front what is open already; else a new window. */
async function open({ tenant, link, id }: Told): Promise<void> {
  const search = { tenant, id, ...(link && { to: link }) };
  const [window] = await windows();
  if (window) {
    await window.focus();
    return window.postMessage({ open: search });
  }
  await self.clients.openWindow(`/notifications/open?${new URLSearchParams(search)}`);
}

async function newDocument(request: Request): Promise<Response> {
  const answer = await fetch(request);
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("text/html")) throw new Error("no document");
  // A redirected answer is refused for a navigation.
  return answer.redirected ? new Response(answer.body, { headers: answer.headers }) : answer;
}

/** The newest document while there is a server; the kept one while there is none. */
async function page(event: FetchEvent): Promise<Response> {
  const fresh = fetch(event.request);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([fresh, late]).catch(() => undefined);
  // 502 to 504: what stands in front of the server says that it is away.
  if (answer && !(answer.status >= 502 && answer.status <= 504)) return answer;
  const kept = await caches.match(DOCUMENT, { cacheName: CACHE });
  return kept ?? answer ?? fresh;
}

/** The script before the first paint, the mark: the newest, or the kept one. */
async function newest(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

/** A name with a hash means the same for ever: kept ones first, others are kept when they come. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const copy = answer.clone();
    void caches.open(CACHE).then((cache) => cache.put(request, copy));
  }
  return answer;
}
