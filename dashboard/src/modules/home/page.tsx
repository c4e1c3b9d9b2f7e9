import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { may, type Me, useMe } from "@/app/may";
import { withWords } from "@/i18n/words";
import { useHasSky } from "@/modules/brand/sky";
import { Page } from "@/shell/page";
import { Greeting } from "./greeting";

// The headline is there first; the sky and what stands below come with their own parts.
const ClientHero = lazy(async () => ({ default: (await import("./client/hero")).Hero }));
const Verdict = lazy(async () => ({ default: (await import("./client/verdict")).Verdict }));
const ClientPanels = lazy(async () => ({
  default: (await withWords(["notifications"], import("./client/panels"))).Panels,
}));
const AgencyPanels = lazy(async () => ({ default: (await import("./agency/panels")).Panels }));

/** The verdict first, then the facts. */
export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  // In the place of a tenant as a whole there is nobody to be greeted but the tenant.
  const sky = useHasSky(me?.tenant.id);
  const name = me && (me.user?.name.split(/\s+/)[0] ?? me.tenant.name);
  if (me?.tenant.kind === "agency" && may(me, "tenants.clients.read"))
    return (
      <Page title={t("home.title")}>
        <Suspense fallback={<Body>{<Greeting name={name} />}</Body>}>
          <AgencyPanels name={name} />
        </Suspense>
      </Page>
    );
  return (
    // Whether there will be a sky is known with the person: until then the page stands empty, and nothing moves.
    <Page title={t("home.title")} {...(sky && { hero: me ? <Hero me={me} name={name} /> : null })}>
      {me && !sky && (
        <header className="max-w-[640px] px-7 pt-6 pb-4 max-md:px-4 max-md:pt-4">
          <Greeting name={name}>
            <Suspense>
              <Verdict me={me} />
            </Suspense>
          </Greeting>
        </header>
      )}
      {me && (
        <Suspense fallback={<div className="min-h-screen" />}>
          <ClientPanels me={me} />
        </Suspense>
      )}
    </Page>
  );
}

function Hero({ me, name }: { me: Me; name: string | undefined }) {
  const still = (
    <Field>
      <Greeting name={name} />
    </Field>
  );
  return (
    <Suspense fallback={still}>
      <ClientHero me={me} name={name} fallback={still} />
    </Suspense>
  );
}

/** The sky's room, before there is a sky. The headline stands where it will stand. */
function Field({ children }: { children?: React.ReactNode }) {
  return (
    <div className="relative h-[330px] bg-(--sky-0)">
      <div className="absolute start-7 top-[76px] w-full max-w-[min(500px,calc(100%-56px))] max-md:start-4 max-md:top-16 max-md:max-w-[calc(100%-32px)]">
        {children}
      </div>
    </div>
  );
}

function Body({ children }: { children: React.ReactNode }) {
  return <div className="min-h-screen px-7 pt-6 max-md:px-4 max-md:pt-4">{children}</div>;
}
