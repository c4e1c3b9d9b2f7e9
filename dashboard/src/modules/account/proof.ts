import { api, ok, type Schema } from "@/api/client";
import { isDeclined, provePasskey } from "@/api/passkeys";

/** Lets a device prove who somebody is, in place of a password; none when he thought better of it. */
export async function answerWithPasskey(): Promise<Schema["PasskeyAnswer"] | undefined> {
  const { ceremony, options } = await ok(api.POST("/v1/sessions/passkey-options"));
  try {
    return { ceremony, credential: await provePasskey(options, new AbortController().signal) };
  } catch (error) {
    if (isDeclined(error)) return undefined;
    throw error;
  }
}
