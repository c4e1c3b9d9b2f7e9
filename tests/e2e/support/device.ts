/** A device with a fingerprint reader, as Chromium plays one. */
import type { Page } from "@playwright/test";

export interface Device {
  /** Whether somebody touches it when it asks. */
  present(there: boolean): Promise<void>;
  /** How many passkeys it keeps. */
  kept(): Promise<number>;
}

export async function device(page: Page): Promise<Device> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      // Nobody touches it before the test says so: else a field that offers passkeys would be answered at once.
      automaticPresenceSimulation: false,
    },
  });
  return {
    present: async (there) => {
      await cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: there });
    },
    kept: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}
