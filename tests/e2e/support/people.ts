/** People with an account of their own, so that no test spends another's attempts to sign in. */
import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { patiently, type Schema, type World } from "./world";

export type Tokens = Schema<"Tokens">;

export interface Person {
  name: string;
  email: string;
  password: string;
}

export const someone = (name = "Ada Brandt"): Person => ({
  name,
  email: `${name.split(" ")[0]?.toLowerCase()}.${randomUUID().slice(0, 8)}@mail.example`,
  password: "slow comets over quiet harbours",
});

/** The link of the newest mail to somebody. */
export async function mailedLink(world: World, to: string): Promise<string> {
  const find = async () => {
    const mail = (await world.mails()).find((m) => m.to.includes(to) && m.text.includes("#token="));
    return mail && /https?:\/\/\S+#token=[\w-]+/.exec(mail.text)?.[0];
  };
  await expect.poll(find, { message: `a link was mailed to ${to}`, timeout: 20_000 }).toBeTruthy();
  return (await find()) as string;
}

async function post<T>(world: World, path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json", "idempotency-key": randomUUID() };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await patiently(() => fetch(world.urls.core + path, init));
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** An agency of its own with an owner. */
export async function founder(world: World, agency: string): Promise<Person> {
  const person = someone();
  await post(world, "/v1/sign-ups", { agency, ...person });
  const token = new URL(await mailedLink(world, person.email)).hash.slice("#token=".length);
  await post(world, "/v1/sign-ups/verification", { token, password: person.password });
  return person;
}

export const signedIn = ({ email, password }: Person, world: World): Promise<Tokens> =>
  post<Tokens>(world, "/v1/sessions", { email, password });
