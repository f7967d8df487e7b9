// The viewer client by itself: a clock that stands still until it is told to go on, and a gateway that answers what the
// test lays out for it. Needs CLIENT, the path of fullhouse.js.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";

let now = 0;
let alarms = [];
globalThis.setTimeout = (task, ms) => void alarms.push({ at: now + ms, task });
Date.now = () => now;
Math.random = () => 0.5;
console.warn = () => {};

const document = Object.assign(new EventTarget(), { hidden: false });
const page = new EventTarget();
globalThis.document = document;
globalThis.addEventListener = page.addEventListener.bind(page);
const beacons = [];
Object.defineProperty(globalThis, "navigator", {
  value: { sendBeacon: (url, body) => void beacons.push([url.pathname, JSON.parse(body)]) ?? true },
});

const { Viewer, readSeat } = await import(pathToFileURL(process.env.CLIENT));

/** Lets everything happen that waits for no clock. */
async function settle() {
  for (let i = 0; i < 50; i++) {
    await null;
  }
}

/** Lets seconds pass, each alarm at its time. */
async function pass(seconds) {
  const end = now + 1000 * seconds;
  await settle();
  for (;;) {
    alarms.sort((a, b) => a.at - b.at);
    if (alarms.length === 0 || alarms[0].at > end) {
      break;
    }
    const { at, task } = alarms.shift();
    now = at;
    task();
    await settle();
  }
  now = end;
}

const here = { token: "t1", stageArn: "stage/a", participantId: "p1", seat: "s1", heartbeatInterval: 20 };
const there = { token: "t2", stageArn: "stage/b", participantId: "p2", seat: "s2" };
const ok = (next, more = {}) => ({ status: 200, data: { next: { action: "continue", ...next }, ...more } });
const refuse = (status, error = { code: "X" }, headers = {}) => ({ status, error, headers });
const LOST = "no network";

let calls; // [seconds since the start, route, body]
let answers; // what the gateway will say, one after the other; then ok
let player; // what the hooks saw
let viewer;
let hooks;

beforeEach(async () => {
  await viewer?.close();
  await settle();
  now = 0;
  alarms = [];
  calls = [];
  answers = [];
  player = [];
  beacons.length = 0;
  hooks = {};
  document.hidden = false;
});

async function gateway(url, { method, headers, body, keepalive }) {
  assert.equal(method, "POST");
  assert.equal(keepalive, url.pathname.endsWith("leave"), "a leave outlives its page, nothing else does");
  assert.deepEqual(headers, { "Content-Type": "text/plain" });
  calls.push([now / 1000, url.pathname.replace("/api/viewer/", ""), JSON.parse(body)]);
  const answer = url.pathname.endsWith("leave") ? ok() : await (answers.shift() ?? ok());
  if (answer === LOST) {
    throw new TypeError("fetch failed");
  }
  return {
    ok: answer.status === 200,
    status: answer.status,
    headers: new Headers(answer.headers),
    json: async () => (answer.html ? JSON.parse(answer.html) : answer),
  };
}

async function watch(options = {}) {
  viewer = new Viewer({
    joined: { ...here },
    gateway: "http://gateway.example/",
    fetch: gateway,
    joinStage: ({ token, stageArn, participantId }, signal) => {
      player.push(`join ${stageArn} ${participantId} ${token}`);
      return hooks.join?.(stageArn, signal);
    },
    leaveStage: ({ stageArn, participantId }) => void player.push(`leave ${stageArn} ${participantId}`),
    refreshToken: ({ token }) => void player.push(`refresh ${token}`),
    onStop: (reason) => void player.push(`stop ${reason}`),
    onError: (error) => void player.push(`error ${error.message}`),
    ...options,
  });
  await settle();
  return viewer;
}

const times = () => calls.map(([at]) => at);
const routes = () => calls.map(([, route, body]) => [route, body.seat, body.reason].filter(Boolean).join(" "));

test("the first heartbeat comes at a random point of the interval, the others at 80 to 100 % of it", async () => {
  await watch();
  await pass(50);
  assert.deepEqual(times(), [10, 28, 46]);
  assert.deepEqual(calls[0][2], { seat: "s1" });
  assert.equal(viewer.view.state, "watching");
});

test("the interval is what the gateway told last, and nonsense is not believed", async () => {
  answers = [ok({}, { heartbeatInterval: 10 }), ok({}, { heartbeatInterval: 0.001 })];
  await watch();
  await pass(30);
  assert.deepEqual(times(), [10, 19, 28]);
});

test("a lost heartbeat is repeated after 2, 4 and 8 seconds, then it waits for its turn", async () => {
  answers = [LOST, LOST, refuse(500), LOST, LOST];
  await watch();
  await pass(46.5);
  assert.deepEqual(times(), [10, 12, 16, 24, 44, 46]);
  assert.equal(viewer.view.failures, 0);
  assert.deepEqual(player, ["join stage/a p1 t1"]);
});

test("429 and 503 are repeated no sooner than Retry-After says, whoever answers it", async () => {
  answers = [
    refuse(429, { code: "TOO_MANY_REQUESTS" }, { "Retry-After": "7" }),
    refuse(503, undefined, { "Retry-After": "1" }),
    { status: 429, html: "<p>Too many", headers: { "Retry-After": "30" } },
  ];
  await watch();
  await pass(60);
  assert.deepEqual(times().slice(0, 4), [10, 17, 21, 51]);
  assert.equal(viewer.view.state, "watching");
});

test("an answer that no gateway gave ends nothing", async () => {
  answers = [{ status: 403 }, { status: 401, error: "log in to this network" }, { status: 200 }];
  await watch();
  await pass(24);
  assert.deepEqual(routes(), Array(4).fill("heartbeat s1"));
  assert.equal(viewer.view.state, "watching");
});

test("a move joins the new stage, then leaves the old one, and is heard there at once", async () => {
  let arrive;
  hooks.join = (stage) => stage === there.stageArn && new Promise((resolve) => (arrive = resolve));
  const move = ok({ action: "move", ...there });
  answers = [move, move];
  await watch();
  await pass(30);
  assert.deepEqual(player, ["join stage/a p1 t1", "join stage/b p2 t2"]);
  assert.deepEqual(routes(), ["heartbeat s1", "heartbeat s1"]);
  assert.equal(viewer.view.state, "moving");
  arrive();
  await pass(0);
  assert.deepEqual(player.slice(2), ["leave stage/a p1"]);
  assert.deepEqual(routes().slice(2), ["heartbeat s2"]);
  await pass(18);
  assert.deepEqual(times(), [10, 28, 30, 48]);
  assert.equal(viewer.view.stageArn, there.stageArn);
});

test("an answer to the old seat that comes after the move changes nothing", async () => {
  let arrive;
  hooks.join = (stage) => stage === there.stageArn && new Promise((resolve) => (arrive = resolve));
  let answerLate;
  answers = [ok({ action: "move", ...there }), new Promise((resolve) => (answerLate = resolve))];
  await watch();
  await pass(30);
  arrive();
  await pass(0);
  answerLate(ok({ action: "move", ...there }, { seat: "s1-renewed" }));
  await pass(19);
  assert.deepEqual(player, ["join stage/a p1 t1", "join stage/b p2 t2", "leave stage/a p1"]);
  assert.deepEqual(routes().slice(2), ["heartbeat s2", "heartbeat s2"]);
});

test("an answer that comes after the viewer left changes nothing", async () => {
  let answerLate;
  answers = [new Promise((resolve) => (answerLate = resolve))];
  await watch();
  await pass(11);
  await viewer.close();
  answerLate(ok({ action: "move", ...there }));
  await pass(100);
  assert.deepEqual(player, ["join stage/a p1 t1", "leave stage/a p1"]);
  assert.deepEqual(routes(), ["heartbeat s1", "leave s1"]);
});

test("a move that is offered again after it was made is not made again", async () => {
  answers = [ok({ action: "move", ...there }), ok({ action: "move", ...there })];
  await watch();
  await pass(30);
  assert.deepEqual(player, ["join stage/a p1 t1", "join stage/b p2 t2", "leave stage/a p1"]);
});

test("a move that is made makes a rejoin needless", async () => {
  let arrive;
  hooks.join = (stage) => stage === there.stageArn && new Promise((resolve) => (arrive = resolve));
  answers = [ok({ action: "move", ...there }), LOST];
  await watch();
  await pass(10);
  viewer.stageLost();
  await pass(1);
  arrive();
  await pass(1);
  assert.deepEqual(routes(), ["heartbeat s1", "rejoin s1 user", "heartbeat s2"]);
});

test("a move whose stage cannot be joined leaves the viewer where it is, and is tried again", async () => {
  let refusals = 1;
  hooks.join = (stage) => {
    if (stage === there.stageArn && refusals-- > 0) {
      throw new Error("full");
    }
  };
  answers = [ok({ action: "move", ...there }), ok({ action: "move", ...there })];
  await watch();
  await pass(28);
  assert.deepEqual(player.slice(1), ["join stage/b p2 t2", "error full", "join stage/b p2 t2", "leave stage/a p1"]);
});

test("refresh keeps the token for the next join, and the newest seat is used", async () => {
  answers = [ok({ action: "refresh", token: "t1-later" }, { seat: "s1-later" })];
  await watch({ whenHidden: "leave" });
  await pass(30);
  assert.deepEqual(routes(), ["heartbeat s1", "heartbeat s1-later"]);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(1);
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(1);
  assert.deepEqual(player, [
    "join stage/a p1 t1",
    "refresh t1-later",
    "leave stage/a p1",
    "join stage/a p1 t1-later",
  ]);
});

test("rejoin asks for a place; one elsewhere is joined before the old one is left", async () => {
  answers = [ok({ action: "rejoin", reason: "stage-deleted" }), ok({}, there)];
  await watch();
  await pass(29);
  assert.deepEqual(routes(), ["heartbeat s1", "rejoin s1 stage-deleted", "heartbeat s2"]);
  assert.deepEqual(player, ["join stage/a p1 t1", "join stage/b p2 t2", "leave stage/a p1"]);
});

test("a rejoin that finds no place is repeated while the viewer watches on", async () => {
  answers = [
    ok({ action: "rejoin", reason: "seat-lost", retryAfterSeconds: 3 }),
    refuse(503, { code: "STAGE_FULL" }, { "Retry-After": "5" }),
    LOST,
    ok({}, { seat: "s1-again" }),
  ];
  await watch();
  await pass(40);
  assert.deepEqual(times(), [10, 13, 18, 22, 40]);
  assert.deepEqual(routes().slice(-2), ["rejoin s1 seat-lost", "heartbeat s1-again"]);
  assert.deepEqual(player, ["join stage/a p1 t1"]);
});

test("once there is a place, the pauses begin at 2 seconds again", async () => {
  const lost = ok({ action: "rejoin" });
  const away = refuse(503, { code: "STAGE_FULL" });
  answers = [lost, away, away, ok({}, { seat: "s1" }), LOST, lost, away, away, ok({}, there), LOST];
  await watch();
  await pass(77);
  assert.deepEqual(times(), [10, 10, 12, 16, 34, 36, 36, 38, 42, 60, 62]);
});

test("who answers a rejoin with another one is not asked without a pause", async () => {
  answers = Array(4).fill(ok({ action: "rejoin", reason: "moved" }));
  await watch();
  await pass(15);
  assert.deepEqual(times(), [10, 10, 12, 14]);
});

test("a stage that IVS refuses is told to the gateway, again and again with pauses", async () => {
  hooks.join = () => {
    throw Object.assign(new Error("refused"), { code: 6 });
  };
  answers = [ok({}, there), ok({}, there), ok({}, there)];
  await watch();
  await pass(15);
  assert.deepEqual(times(), [2, 6, 14]);
  assert.deepEqual(routes(), ["rejoin s1 stage-at-capacity", ...Array(2).fill("rejoin s2 stage-at-capacity")]);
});

test("a stage that the player lost by itself is asked for again", async () => {
  await watch();
  answers = [ok({}, { seat: "s1", stageArn: here.stageArn, participantId: "p1" })];
  viewer.stageLost("STAGE_DELETED");
  await pass(1);
  assert.deepEqual(routes(), ["rejoin s1 stage-deleted"]);
  assert.deepEqual(player, ["join stage/a p1 t1", "join stage/a p1 t1"]);
});

test("the loss of a stage that the viewer was moved away from is no loss", async () => {
  answers = [ok({ action: "move", ...there })];
  await watch();
  await pass(10);
  viewer.stageLost("stage-deleted", "p1");
  await pass(1);
  assert.deepEqual(routes(), ["heartbeat s1", "heartbeat s2"]);
  viewer.stageLost("participant-disconnected", "p2");
  await pass(1);
  assert.deepEqual(routes().slice(2), ["rejoin s2 token-expired"]);
});

test("who has the same token elsewhere stops the viewer, and goes on", async () => {
  await watch();
  viewer.stageLost("token-reused", "p1");
  await pass(100);
  assert.deepEqual(player, ["join stage/a p1 t1", "stop superseded"]);
  assert.deepEqual(routes(), []);
});

for (const reason of ["superseded", "banned", "ended", "left"]) {
  test(`who is told to stop (${reason}) leaves the stage and the count, and is silent`, async () => {
    answers = [ok({ action: "stop", reason })];
    await watch();
    await pass(100);
    assert.deepEqual(player, ["join stage/a p1 t1", "leave stage/a p1", `stop ${reason}`].sort(byOrderOf(player)));
    assert.equal(viewer.view.reason, reason);
    viewer.stageLost();
    page.dispatchEvent(new Event("pageshow"));
    await pass(100);
    assert.deepEqual(routes(), ["heartbeat s1", "leave s1"]);
  });
}

/** The player leaves and the application is told in the same moment. */
function byOrderOf(seen) {
  return (a, b) => seen.indexOf(a) - seen.indexOf(b);
}

test("a rejoin that is answered BANNED is a stop", async () => {
  answers = [ok({ action: "rejoin" }), refuse(403, { code: "FORBIDDEN", details: { reason: "BANNED" } })];
  await watch({ onSeatLost: () => assert.fail("a ban is no lost seat") });
  await pass(100);
  assert.equal(viewer.view.reason, "banned");
  assert.equal(calls.length, 2);
});

test("a seat that is not accepted is the application's matter", async () => {
  answers = [refuse(401, { code: "UNAUTHORIZED", details: { reason: "SEAT_EXPIRED" } })];
  const asked = [];
  await watch({ onSeatLost: async (refusal) => void asked.push(refusal.details.reason) ?? { ...here, ...there } });
  await pass(21);
  assert.deepEqual(asked, ["SEAT_EXPIRED"]);
  assert.deepEqual(player, ["join stage/a p1 t1", "join stage/b p2 t2", "leave stage/a p1"]);
  assert.deepEqual(routes(), ["heartbeat s1", "heartbeat s2"]);
});

test("an application that is away for a moment is asked again, one that gives up is left alone", async () => {
  answers = [refuse(403), refuse(403)];
  let asked = 0;
  await watch({
    onSeatLost: () => {
      if (++asked === 1) {
        throw new Error("backend away");
      }
    },
  });
  await pass(100);
  assert.deepEqual(times(), [10, 12]);
  assert.equal(viewer.view.reason, "seat-lost");
});

test("an unknown action is nothing", async () => {
  answers = [ok({ action: "dance" }), { status: 200, data: {} }];
  await watch();
  await pass(50);
  assert.deepEqual(times(), [10, 28, 46]);
});

test("a page that is closed leaves by beacon, and comes back from the cache after it", async () => {
  await watch();
  page.dispatchEvent(new Event("pagehide"));
  await settle();
  assert.deepEqual(beacons, [["/api/viewer/leave", { seat: "s1" }]]);
  assert.deepEqual(player.slice(1), ["leave stage/a p1"]);
  await pass(0.5);
  page.dispatchEvent(new Event("pageshow"));
  await pass(0.4);
  assert.equal(calls.length, 0);
  answers = [ok({}, { seat: "s1", stageArn: here.stageArn, participantId: "p1" })];
  await pass(0.2);
  assert.deepEqual(routes(), ["rejoin s1 background"]);
  assert.equal(viewer.view.state, "watching");
});

test("a hidden page leaves only if it is meant to", async () => {
  await watch({ whenHidden: "stay" });
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(10);
  assert.deepEqual(routes(), ["heartbeat s1"]);
  await viewer.close();
  calls = [];
  await watch({ whenHidden: "leave" });
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(100);
  assert.deepEqual(routes(), ["leave s1"]);
  assert.equal(viewer.view.state, "away");
});

test("a tab that is opened behind another one is not watched before it is seen", async () => {
  document.hidden = true;
  await watch({ whenHidden: "leave" });
  await pass(100);
  assert.deepEqual(routes(), ["leave s1"]);
  assert.deepEqual(player, []);
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.deepEqual(player, []);
  await pass(0);
  assert.deepEqual(routes(), ["leave s1", "rejoin s1 background"]);
  assert.deepEqual(player, ["join stage/a p1 t1"]);
});

test("who leaves while it still joins is on no stage", async () => {
  let arrive;
  hooks.join = () => new Promise((resolve) => (arrive = resolve));
  await watch();
  const closed = viewer.close();
  await settle();
  arrive();
  await closed;
  assert.deepEqual(player, ["join stage/a p1 t1", "leave stage/a p1"]);
  await pass(100);
  assert.deepEqual(routes(), ["leave s1"]);
});

test("a network that is back is used soon", async () => {
  answers = [LOST, LOST, LOST];
  await watch();
  await pass(16.5);
  page.dispatchEvent(new Event("online"));
  await pass(1.5);
  assert.deepEqual(times(), [10, 12, 16, 17.5]);
});

test("a network that was there all the time changes nothing", async () => {
  await watch();
  await pass(5);
  page.dispatchEvent(new Event("online"));
  await pass(6);
  assert.deepEqual(times(), [10]);
});

test("no hook is called before there is a viewer", async () => {
  const views = [];
  let made;
  const watching = watch({ onChange: (view) => views.push([made !== undefined, view.state]) });
  made = viewer;
  await watching;
  assert.deepEqual(views.at(-1), [true, "watching"]);
  assert(views.every(([known]) => known));
});

test("a hook that throws stops nothing", async () => {
  await watch({
    onChange: () => {
      throw new Error("painted badly");
    },
    onError: () => {
      throw new Error("and reported worse");
    },
  });
  await pass(50);
  assert.deepEqual(times(), [10, 28, 46]);
});

test("a seat can be read", () => {
  const claims = Buffer.from(JSON.stringify({ user: "zoë", stage: "stage/a" })).toString("base64url");
  assert.deepEqual(readSeat(`v1.k.${claims}.x`), { user: "zoë", stage: "stage/a" });
});
