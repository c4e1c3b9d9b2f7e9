/**
 * Passkeys between the browser and the API. Browsers take and give bytes, the API the JSON form of WebAuthn; not all of
 * them can turn one into the other by themselves yet.
 */
export const hasPasskeys = (): boolean => typeof window !== "undefined" && "PublicKeyCredential" in window;

/** Whether a field can offer them by itself, next to what else the browser has for it. */
export async function offersPasskeys(): Promise<boolean> {
  if (!hasPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

/** Nothing was chosen, or it was another request's turn. */
export const isDeclined = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

/** This device has one for this account already. */
export const isKnownDevice = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "InvalidStateError";

function bytes(text: string): ArrayBuffer {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (char) => char.charCodeAt(0)).buffer;
}

function text(of: ArrayBuffer | null): string | undefined {
  if (!of) return undefined;
  const raw = Array.from(new Uint8Array(of), (byte) => String.fromCharCode(byte)).join("");
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

type Described = Omit<PublicKeyCredentialDescriptor, "id"> & { id: string };
type Creation = Omit<PublicKeyCredentialCreationOptions, "challenge" | "user" | "excludeCredentials"> & {
  challenge: string;
  user: Omit<PublicKeyCredentialUserEntity, "id"> & { id: string };
  excludeCredentials?: Described[];
};
type Request = Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials"> & {
  challenge: string;
  allowCredentials?: Described[];
};

const described = (list: Described[] = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/** Lets the device make a passkey; `options` come from the API. */
export async function makePasskey(options: unknown): Promise<object> {
  const { challenge, user, excludeCredentials, ...rest } = options as Creation;
  const publicKey = {
    ...rest,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: described(excludeCredentials),
  };
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...head(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Lets a device prove one. `waiting`: quietly, as one of the things a field offers. */
export async function provePasskey(options: unknown, signal: AbortSignal, waiting = false): Promise<object> {
  const { challenge, allowCredentials, ...rest } = options as Request;
  const publicKey = { ...rest, challenge: bytes(challenge), allowCredentials: described(allowCredentials) };
  const mediation = waiting ? "conditional" : undefined;
  const proof = (await navigator.credentials.get({ publicKey, signal, mediation })) as PublicKeyCredential;
  const response = proof.response as AuthenticatorAssertionResponse;
  return {
    ...head(proof),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: text(response.userHandle),
    },
  };
}

const head = (credential: PublicKeyCredential) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  clientExtensionResults: {},
});
