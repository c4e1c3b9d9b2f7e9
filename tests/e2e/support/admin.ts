/** Somebody who runs the platform, with an authenticator app at hand. */
import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { World } from "./world";

export interface PlatformAdmin {
  email: string;
  password: string;
  totp_secret: string;
}

export function platformAdmin(): PlatformAdmin {
  const file = JSON.parse(readFileSync(process.env.UPZENTO_E2E_WORLD ?? "", "utf8"));
  return file.demo.platform_admin as PlatformAdmin;
}

function bytesOf(base32: string): Buffer {
  const bits = [...base32.replace(/=+$/, "")]
    .map((char) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The digits that the app shows in a step of thirty seconds (RFC 6238). */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", bytesOf(secret)).update(counter).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return `${(hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000}`.padStart(6, "0");
}

/** Whether this step's code is ours: whoever makes the file first, in whatever process, spends it. */
function claimed(step: number): boolean {
  try {
    writeFileSync(`${process.env.UPZENTO_E2E_WORLD}.code-${step}`, "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** A code that nobody used yet: each works once, so the next one may have to be waited for. */
export async function freshCode(secret: string): Promise<string> {
  for (;;) {
    const step = Math.floor(Date.now() / 30_000);
    if (claimed(step)) return codeAt(secret, step);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The administration's API, as its console uses it. */
export class AdminApi {
  private constructor(
    private readonly base: string,
    readonly token: string,
  ) {}

  static async signIn(world: World): Promise<AdminApi> {
    const { email, password, totp_secret } = platformAdmin();
    // Another run may have spent the code of this moment.
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${world.urls.admin}/v1/sessions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email, password, code: await freshCode(totp_secret) }),
      });
      if (answer.status === 201) return new AdminApi(world.urls.admin, (await answer.json()).access_token);
      if (tries > 1) throw new Error(`signing in as ${email}: ${answer.status} ${await answer.text()}`);
    }
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const answer = await fetch(this.base + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
    } as RequestInit);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** Where the administration's console is; `UPZENTO_E2E_ADMIN_AT` is one that is being worked on, before the same API. */
export const adminAt = (world: World): string => process.env.UPZENTO_E2E_ADMIN_AT ?? world.urls.admin;

let known: AdminApi | undefined;

/** Starts as the admin who signed in here before: codes work once each, so one session serves a whole file. */
export async function enterAdmin(page: Page, world: World, path = ""): Promise<AdminApi> {
  known ??= await AdminApi.signIn(world);
  const at = adminAt(world);
  const cookie = { name: "upz_admin", value: known.token, domain: new URL(at).hostname, path: "/v1/sessions" };
  await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: "Strict" }]);
  await page.goto(`${at}/admin${path}`);
  return known;
}
