/**
 * The complete product for one run of the suite: started before the first test, stopped after the last.
 *
 * It has a place, a database and ports of its own, so it never meets a copy that somebody works with, and it starts
 * empty each time. `UPZENTO_E2E_BIN` names a folder with built programs; without it they are built as `cargo xtask up`
 * does. `UPZENTO_E2E_KEEP=1` leaves it running and says how the next run finds it.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../../", import.meta.url));
const home = join(project, ".upzento/e2e");
const USUAL = {
  core: 8080,
  admin: 8081,
  edge: 8090,
  edgeAdmin: 8091,
  shop: 8100,
  blog: 8101,
  smtp: 1025,
  mail: 8025,
  dns: 8053,
};

const free = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

/** Ports that nobody holds at this moment, all moved by the same number, below those the system hands out. */
async function freePorts() {
  for (let tries = 0; tries < 50; tries++) {
    const offset = randomInt(2000, 24000);
    const ports = Object.fromEntries(Object.entries(USUAL).map(([name, port]) => [name, port + offset]));
    const all = await Promise.all(Object.values(ports).map(free));
    if (all.every(Boolean)) return { offset, ports };
  }
  throw new Error("no free ports");
}

function xtask(args, more = {}) {
  const folder = process.env.UPZENTO_E2E_BIN;
  const [program, before, after] = folder ? [join(folder, "xtask"), [], ["--built"]] : ["cargo", ["xtask"], []];
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(program, [...before, ...args, ...(args[0] === "up" ? after : [])], {
    cwd: project,
    env: {
      ...env,
      ...more,
      UPZENTO_HOME: home,
      UPZENTO_DEMO: "plain",
      // Tests put a recording proxy between browser and edge; visitors behind it have addresses of their own.
      UPZENTO_EDGE_HOSTS: "localhost:*,127.0.0.1:*",
      UPZENTO_EDGE_TRUSTED_PROXIES: "127.0.0.1/32",
      // Tests ask until something is there, far more often than a person; that limits hold is proven elsewhere.
      UPZENTO_LIMITS_API_PER_MINUTE: "100000",
      UPZENTO_LIMITS_PUBLIC_PER_MINUTE: "100000",
      UPZENTO_LIMITS_AUTH_PER_15_MINUTES: "100",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`xtask ${args.join(" ")}: exit ${code}`))));
  });
}

async function signIn(core, person) {
  const answer = await fetch(`${core}/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: person.email, password: person.password, tenant: person.tenant }),
  });
  if (answer.status !== 201) throw new Error(`signing in as ${person.email}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).access_token;
}

export default async function start() {
  // A world that still runs from an earlier start: the inner loop while tests are written.
  if (process.env.UPZENTO_E2E_WORLD) return undefined;
  const { offset, ports } = await freePorts();
  mkdirSync(home, { recursive: true });
  try {
    // What own domains point to, and who is asked about them: a test answers there.
    const domains = {
      UPZENTO_DOMAINS_TARGET: "console.upzento.test",
      UPZENTO_DOMAINS_RESOLVER: `127.0.0.1:${ports.dns}`,
    };
    await xtask(["up", "--detach", "--fresh", "--offset", `${offset}`], domains);
    const demo = JSON.parse(readFileSync(join(home, "demo.json"), "utf8"));
    const at = (port) => `http://localhost:${port}`;
    const tokens = [];
    // Once each: signing in is limited, and rightly so.
    for (const client of demo.clients) tokens.push(await signIn(at(ports.core), client));
    const urls = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, at(port)]));
    const file = join(home, "e2e.json");
    writeFileSync(file, JSON.stringify({ urls, demo, tokens }), { mode: 0o600 });
    process.env.UPZENTO_E2E_WORLD = file;
    if (process.env.UPZENTO_E2E_KEEP)
      console.log(`  kept: UPZENTO_E2E_WORLD=${file}; end it with UPZENTO_HOME=${home} cargo xtask down`);
  } catch (error) {
    await xtask(["down"]).catch(() => {});
    throw error;
  }
  const shots = join(dirname(fileURLToPath(import.meta.url)), "shots");
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots);
  return process.env.UPZENTO_E2E_KEEP ? undefined : () => xtask(["down"]);
}
