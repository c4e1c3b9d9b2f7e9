/** The running product and the demo world in it, as the global setup left them. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import type { components } from "../dist/core";

/** An object of the API, as its description says. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

export interface Client {
  name: string;
  tenant: string;
  email: string;
  password: string;
  widget: string;
  form: string;
}

interface File {
  urls: Record<"core" | "admin" | "edge" | "edgeAdmin" | "shop" | "blog" | "mail" | "dns", string>;
  demo: { clients: Client[] };
  tokens: string[];
}

export interface Page<T> {
  items: T[];
}

export interface Mail {
  id: number;
  to: string[];
  subject: string;
  text: string;
}

/** An answer of the core that was not expected. */
export class Unexpected extends Error {
  constructor(
    readonly status: number,
    what: string,
    text: string,
  ) {
    super(`${what} answered ${status} ${text}`);
  }
}

/** An answer, asked for again while the product says that it is not available right now: the next schema is being built. */
export async function patiently(ask: () => Promise<Response>): Promise<Response> {
  let answer = await ask();
  const again = async () => {
    answer = await ask();
    return answer.status;
  };
  if (answer.status === 503) await expect.poll(again, { timeout: 30_000 }).not.toBe(503);
  return answer;
}

/** The core's API as one client's administrator uses it. */
export class Api {
  constructor(
    private readonly base: string,
    private token: string,
    /** Signs in again: tokens live a quarter of an hour, and all tests together take longer. */
    private readonly renew?: () => Promise<string>,
  ) {}

  async call<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<T> {
    const headers: Record<string, string> = { ...more };
    if (method === "POST") headers["idempotency-key"] = randomUUID();
    if (body !== undefined) headers["content-type"] = "application/json";
    const ask = () => {
      const init: RequestInit = { method, headers: { authorization: `Bearer ${this.token}`, ...headers } };
      if (body !== undefined) init.body = JSON.stringify(body);
      return fetch(this.base + path, init);
    };
    let answer = await patiently(ask);
    if (answer.status === 401 && this.renew) {
      this.token = await this.renew();
      answer = await patiently(ask);
    }
    const text = await answer.text();
    if (!answer.ok) throw new Unexpected(answer.status, `${method} ${path}`, text);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  /** Uploads a file of text and gives its id. */
  async upload(name: string, text: string): Promise<string> {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/octet-stream" };
    const url = `${this.base}/v1/files?name=${encodeURIComponent(name)}`;
    const answer = await patiently(() => fetch(url, { method: "POST", headers, body: text }));
    if (!answer.ok) throw new Unexpected(answer.status, "POST /v1/files", await answer.text());
    return ((await answer.json()) as Schema<"File">).id;
  }

  async list<T>(path: string): Promise<T[]> {
    return (await this.get<Page<T>>(path)).items;
  }

  /** Allows a website and gives the entry's id. */
  async allow(origin: string, kind = "exact"): Promise<string> {
    return (await this.call<Schema<"AddedOrigin">>("POST", "/v1/origins", { origin, kind })).id;
  }

  async refuse(id: string): Promise<void> {
    await this.call("DELETE", `/v1/origins/${id}`);
  }
}

async function signInAgain(core: string, { email, password, tenant }: Client): Promise<string> {
  const api = new Api(core, "");
  return (await api.call<Schema<"Tokens">>("POST", "/v1/sessions", { email, password, tenant })).access_token;
}

export class World {
  readonly urls: File["urls"];
  readonly clients: [Client, Client];
  readonly apis: [Api, Api];

  constructor() {
    const path = process.env.UPZENTO_E2E_WORLD;
    if (!path) throw new Error("the product was not started");
    const file = JSON.parse(readFileSync(path, "utf8")) as File;
    const [one, two] = file.demo.clients;
    const [first, second] = file.tokens;
    if (!one || !two || !first || !second) throw new Error("the demo world needs two clients");
    this.urls = file.urls;
    this.clients = [one, two];
    const of = (client: Client, token: string) =>
      new Api(file.urls.core, token, () => signInAgain(file.urls.core, client));
    this.apis = [of(one, first), of(two, second)];
  }

  async mails(): Promise<Mail[]> {
    return (await fetch(`${this.urls.mail}/api/mails`)).json() as Promise<Mail[]>;
  }
}
