// The viewer client in a real browser against the running system. Prints a line for each thing that holds; the first
// that does not ends it with an error. Needs GATEWAY, API_KEY, SIMULATOR, SEAT_SECRET, CHROMIUM, and HEARTBEAT_TIMEOUT in
// seconds. That nobody but Cleo is found silent, the log says afterwards.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { startApplication } from "./application.mjs";

const { GATEWAY, API_KEY, SIMULATOR, SEAT_SECRET, CHROMIUM } = process.env;
const TIMEOUT = 1000 * Number(process.env.HEARTBEAT_TIMEOUT);

/** Longer than everything that is waited for on a busy machine. */
const BOUND = 60_000;

const start = performance.now();
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

async function ask(method, path, body) {
  const answer = await fetch(GATEWAY + path, {
    method,
    headers: { "X-API-Key": API_KEY, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const { data, error } = await answer.json();
  assert(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(error)}`);
  return data;
}

const total = async () => (await ask("GET", "/api/stats")).totalViewers;
const pause = (ms) => new Promise((passed) => setTimeout(passed, ms));

/** Waits until it is so; returns how long that took, in ms. */
async function until(what, check) {
  const from = performance.now();
  while (!(await check())) {
    assert(performance.now() - from < BOUND, `after ${seconds(BOUND)} still not: ${what}`);
    await pause(50);
  }
  return performance.now() - from;
}

const counted = (viewers) => until(`${viewers} counted`, async () => (await total()) === viewers);

async function holds(what, check) {
  const note = await check();
  console.log(`holds: ${what}${note ? ` (${note})` : ""} [${seconds(performance.now() - start)}]`);
}

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ],
});
const application = await startApplication(GATEWAY, SIMULATOR, SEAT_SECRET, ask);
const uncaught = [];

/** A person's tab with the application in it; returns when the player is on the stage. */
async function open(query) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => uncaught.push(`${query}: ${error.stack}`));
  await page.goto(`${application.url}/?${query}`);
  await shows(page, "watching");
  return page;
}

const shows = (page, state) => page.locator("h1", { hasText: state }).waitFor({ timeout: BOUND });
const seen = (page) => page.evaluate(() => window.seen);
const view = (page) => page.evaluate(() => window.viewer.view);

/** As a person does it: the page is told. */
async function closeTab(page) {
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
}

async function connected(stageArn) {
  const answer = await fetch(`${SIMULATOR}/_sim/stages?stage=${stageArn}`);
  return JSON.stringify(await answer.json());
}

const publisher = await ask("POST", "/api/token/publisher", { userId: "publisher" });
const master = publisher.stageArn;

await holds("who opens the page is counted, and on the stage", async () => {
  const page = await open("user=anna");
  await counted(1);
  assert.deepEqual(await seen(page), [`join ${master}`]);
  await until("heard", async () => (await view(page)).totalViewers === 1);

  await closeTab(page);
  const took = await counted(0);
  return `and gone ${seconds(took)} after its tab was closed`;
});

await holds("who goes to another page leaves, and who comes back from there is counted again", async () => {
  const page = await open("user=ben");
  await counted(1);
  await page.goto(`${application.url}/elsewhere`);
  await counted(0);
  await page.goBack({ waitUntil: "commit" });
  await shows(page, "watching");
  await counted(1);
  const restored = (await seen(page)).length > 1;
  assert.equal((await view(page)).state, "watching");
  await closeTab(page);
  await counted(0);
  return restored ? "the page was kept meanwhile" : "the page was loaded anew";
});

await holds("who has no network is gone in time, and one viewer again with it", async () => {
  const page = await open("user=cleo");
  const before = await view(page);
  await counted(1);
  await page.context().setOffline(true);
  const from = performance.now();
  await until("missed", async () => (await view(page)).failures > 0);
  await counted(0);
  const took = performance.now() - from;
  assert(took < 5 * TIMEOUT, `gone after ${seconds(took)}`);
  assert.equal((await view(page)).state, "watching");

  await page.context().setOffline(false);
  const back = await counted(1);
  await until("heard", async () => (await view(page)).failures === 0);
  assert.deepEqual(await seen(page), [`join ${master}`]);
  assert.equal((await view(page)).seat, before.seat);
  assert.equal(await total(), 1);
  await closeTab(page);
  await counted(0);
  return `gone after ${seconds(took)}, back after ${seconds(back)}`;
});

await holds("who is moved while a stage drains counts at every moment", async () => {
  const second = (await ask("POST", "/api/stage", { name: "second" })).stageArn;
  await until("open", async () => {
    const stage = (await ask("GET", "/api/stats")).stages.find((it) => it.stageArn === second);
    return stage?.state === "active" || stage?.state === "open";
  });
  const page = await open(`user=dana&stage=${second}&strict`);
  await counted(1);
  const samples = new Set();
  let sampling = true;
  const sampler = (async () => {
    for (; sampling; await pause(20)) {
      samples.add(await total());
    }
  })();
  await ask("DELETE", `/api/stage/${second.split("/")[1]}?drain=true`);
  await until("moved", async () => (await view(page)).stageArn === master);
  await until("deleted", async () => (await ask("GET", "/api/stage/list")).totalStages === 1);
  sampling = false;
  await sampler;
  assert.deepEqual([...samples], [1]);
  assert.deepEqual(await seen(page), [`join ${second}`, `join ${master}`, `leave ${second}`]);
  await closeTab(page);
  await counted(0);
  return "without a worker for its timers, too";
});

await holds("who opens a second device is told so on the first, and counted once", async () => {
  const first = await open("user=emil");
  await counted(1);
  const second = await open("user=emil");
  await shows(first, "stopped");
  assert.deepEqual((await seen(first)).slice(1).sort(), [`leave ${master}`, "stop superseded"]);
  await closeTab(first);
  await until("heard", async () => (await view(second)).totalViewers === 1);
  assert.equal(await total(), 1);
  await closeTab(second);
  await counted(0);
});

await holds("who hides a page that is to be left is gone until it is shown", async () => {
  const page = await open("user=fay&hidden=leave");
  await counted(1);
  const hide = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await counted(0);
  await shows(page, "away");
  await hide(false);
  await counted(1);
  await shows(page, "watching");
  assert.deepEqual(await seen(page), [`join ${master}`, `leave ${master}`, `join ${master}`]);
  await closeTab(page);
  await counted(0);
});

await holds("whose token is near its end is given another, whose connection is old connects anew", async () => {
  const [token, connection] = await Promise.all([open("user=gus&aged=token"), open("user=hal&aged=connection")]);
  await until("refreshed", async () => (await seen(token)).includes("refresh"));
  await until("connected anew", async () => (await seen(connection)).length === 3);
  assert.deepEqual(await seen(connection), [`join ${master}`, `join ${master}`, `leave ${master}`]);
  assert.equal(await total(), 2);
  await Promise.all([closeTab(token), closeTab(connection)]);
  await counted(0);
});

await holds("who is banned is told so, and does not come in again", async () => {
  const page = await open("user=ida");
  await counted(1);
  await ask("POST", "/api/viewer/ban", { userId: "ida", reason: "a test" });
  const took = await counted(0);
  await shows(page, "stopped");
  assert.deepEqual((await seen(page)).slice(1).sort(), [`leave ${master}`, "stop banned"]);
  await assert.rejects(ask("POST", "/api/token/viewer", { userId: "ida" }), /BANNED/);
  await ask("DELETE", "/api/viewer/ban", { userId: "ida" });
  await closeTab(page);
  return `out after ${seconds(took)}`;
});

await holds("the demo page opens, fills, drains and empties a house", async () => {
  const context = await browser.newContext({ viewport: { width: 380, height: 800 } });
  await context.addInitScript((key) => sessionStorage.setItem("key", key), API_KEY);
  const page = await context.newPage();
  page.on("pageerror", (error) => uncaught.push(`demo: ${error.stack}`));
  page.on("console", (message) => message.type() === "error" && uncaught.push(`demo: ${message.text()}`));
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const says = (text) => page.getByText(text).first().waitFor({ timeout: BOUND });
  await page.goto(`${GATEWAY}/demo`);
  await says("0 viewers counted");
  await press("Go on air");
  await says("The broadcaster is on air");
  await press("Open another stage");
  await says(/room-.* is open/);
  await until("open", async () => (await ask("GET", "/api/stats")).stages.length === 2);
  await press("Add ten");
  await press("Add a viewer");
  await counted(11);
  await says("The seat of");
  await says("11 viewers counted");
  await says("exactly those of this page");
  await press("Drain");
  await says("was moved to another stage");
  await until("deleted", async () => (await ask("GET", "/api/stats")).stages.length === 1);
  assert.equal(await total(), 11);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(wide <= 380, `${wide} px wide on a phone`);
  await press("All leave");
  await counted(0);
  await context.close();
});

await holds("the interface is shown as a page, within its own policy", async () => {
  const page = await browser.newPage();
  page.on("pageerror", (error) => uncaught.push(`docs: ${error.stack}`));
  page.on("console", (message) => message.type() === "error" && uncaught.push(`docs: ${message.text()}`));
  await page.goto(`${GATEWAY}/docs`);
  const { paths } = await (await fetch(`${GATEWAY}/openapi.json`)).json();
  const operations = Object.values(paths).flatMap((path) => Object.keys(path)).length;
  await page.locator(".opblock").nth(operations - 1).waitFor({ timeout: BOUND });
  assert.equal(await page.locator(".opblock").count(), operations);
  await page.close();
});

await holds("who watches when the broadcast ends is told so, and counts no longer", async () => {
  const page = await open("user=jon");
  await counted(1);
  await ask("POST", "/api/broadcast/end", { afterSeconds: 0 });
  await shows(page, "stopped");
  await counted(0);
  assert.deepEqual((await seen(page)).slice(1).sort(), [`leave ${master}`, "stop ended"]);
  await closeTab(page);
});

await until("nobody on the stage", async () => !(await connected(master)).includes('"connected":true'));
assert.deepEqual(uncaught, []);
application.close();
await browser.close();
