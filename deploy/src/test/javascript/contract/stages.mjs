// Stages: by hand, by their publishers, and when they are full.
import assert from "node:assert/strict";
import { bySeat, del, get, newUser, ok, post, put, refused, steer, until } from "./client.mjs";
import { action, beat, counted, join, leave, rejoin, soon, total } from "./viewers.mjs";

const STAGE = {
  stageArn: "arn",
  name: "string",
  viewerCount: "integer",
  seats: "integer",
  capacity: "integer",
  state: "string",
  autoScaled: "boolean",
  createdAt: "time",
  tags: "object",
};

const VIEW = { stage: STAGE, viewerCount: "integer", isMasterStage: "boolean" };

const STATS_STAGE = {
  stageId: "arn",
  stageArn: "arn",
  stageName: "string",
  viewerCount: "integer",
  autoScaled: "boolean",
  createdAt: "time",
  state: "string",
  info: { name: "string", autoScaled: "boolean", createdAt: "time" },
  seats: "integer",
  capacity: "integer",
};

export const STATS = {
  totalViewers: "integer",
  activeStages: "integer",
  isPublisherLive: "boolean",
  stages: [STATS_STAGE],
  broadcast: "string",
  timestamp: "time",
  asOf: "string",
  lagMillis: "integer",
};

const CAPACITY = Number(process.env.CAPACITY);
const LIST = { stages: [STAGE], totalStages: "integer", nextToken: "string|null" };
const encoded = (arn) => arn.replaceAll(":", "%3A").replace("/", "%2f");
const idOf = (arn) => arn.slice(arn.indexOf("/") + 1);
const stateOf = async (arn) => (await get(`/api/stage/${idOf(arn)}`)).data?.stage.state ?? "gone";
export const stats = async () => {
  const data = ok(await get("/api/stats"), STATS);
  assert.equal(data.totalViewers, data.stages.reduce((sum, stage) => sum + stage.viewerCount, 0));
  assert.equal(data.activeStages, data.stages.length);
  assert(data.stages.every((stage) => stage.stageId === stage.stageArn && stage.seats <= stage.capacity));
  return data;
};

export async function the_numbers_are_one_instant_s_in_every_shape() {
  const [master] = (await stats()).stages;
  ok(await get("/api/stats/viewers"), { totalViewers: "integer" });
  const all = ok(await get("/api/stats/stages"), { totalStages: "integer", stages: [STATS_STAGE] });
  assert.equal(all.totalStages, all.stages.length);
  const one = { stageArn: "arn", viewerCount: "integer", stageInfo: STATS_STAGE };
  const { stageArn } = master;
  for (const path of [`?arn=${stageArn}`, `?arn=${encodeURIComponent(stageArn)}`, `/${idOf(stageArn)}`, `/${encoded(stageArn)}`, `/${stageArn}`]) {
    assert.equal(ok(await get(`/api/stats/stages${path}`), one).stageArn, stageArn);
  }
  refused(await get("/api/stats/stages/Unknown1"), "NOT_FOUND");
  const info = ok(await get("/api/stage/master/info"), VIEW);
  assert.deepEqual([info.isMasterStage, info.stage.stageArn], [true, stageArn]);
}

/** Answers the master's ARN and that of the new stage. */
export async function a_stage_is_made_shown_and_renamed_by_hand() {
  const made = ok(await post("/api/stage", { name: "second-room", tags: { show: "one" } }), STAGE, 201);
  assert.deepEqual([made.name, made.autoScaled, made.tags.show], ["second-room", false, "one"]);
  const arn = made.stageArn;
  for (const path of [idOf(arn), encoded(arn), encodeURIComponent(arn), arn]) {
    const view = ok(await get(`/api/stage/${path}`), VIEW);
    assert.deepEqual([view.stage.stageArn, view.isMasterStage], [arn, false]);
  }
  assert.equal(ok(await put(`/api/stage/${encoded(arn)}`, { name: "renamed-room" }), STAGE).name, "renamed-room");
  assert.equal(ok(await get(`/api/stage/${idOf(arn)}`), VIEW).stage.name, "renamed-room");

  const list = ok(await get("/api/stage/list"), LIST);
  assert.equal(list.totalStages, list.stages.length);
  const first = ok(await get("/api/stage/list?limit=1"), LIST);
  assert.equal(first.stages.length, 1);
  const rest = ok(await get(`/api/stage/list?limit=1000&cursor=${encodeURIComponent(first.nextToken)}`), LIST);
  assert.deepEqual([...first.stages, ...rest.stages].map((stage) => stage.stageArn), list.stages.map((stage) => stage.stageArn));
  assert.equal(rest.nextToken, null);

  const master = ok(await get("/api/stage/master/info"), VIEW).stage.stageArn;
  refused(await put(`/api/stage/${idOf(master)}`, { name: "x" }), "FORBIDDEN");
  refused(await del(`/api/stage/${encoded(master)}`), "FORBIDDEN");
  refused(await put("/api/stage/Unknown1", { name: "x" }), "NOT_FOUND");
  refused(await del("/api/stage/Unknown1"), "NOT_FOUND");
  refused(await get("/api/stage/Unknown1"), "NOT_FOUND");
  refused(await post("/api/stage", { name: "with space" }), "VALIDATION_ERROR", { invalidFields: ["name"] });
  refused(await post("/api/stage", { name: "x", tags: { "fullhouse:owner": "me" } }), "VALIDATION_ERROR", {
    invalidFields: ["tags"],
  });
  return { master, arn };
}

export async function a_publisher_is_shown_on_another_stage_and_no_more(publisher, { master, arn }) {
  const participantId = publisher.participantId;
  const status = async () =>
    ok(await get(`/api/stage/replication/status/${encoded(arn)}`), {
      stageArn: "arn",
      hasReplication: "boolean",
      replicationInfo: "object",
    });
  const wanted = (data) => {
    const { pinned, asWanted, wantedSourceStageArn = "none" } = data.replicationInfo;
    return { pinned, asWanted, from: wantedSourceStageArn };
  };
  const start = (what) => post("/api/stage/replication/start", what);
  const stop = (what) => del("/api/stage/replication/stop", what);
  const what = { sourceStageArn: master, destinationStageArn: arn, participantId };
  const named = { sourceStageArn: "arn", destinationStageArn: "arn", participantId: "string" };
  // The scaler looks for commands once a second: those that do not wait for each other are given together.
  const [info] = await Promise.all([
    get("/api/stage/replication/publisher-info"),
    until("it is shown", async () => (await status()).hasReplication),
  ]);
  ok(info, { hasPublisher: "boolean", publisherInfo: { participantId: "string", stageArn: "arn" } });
  assert.deepEqual([info.data.hasPublisher, info.data.publisherInfo.participantId], [true, participantId]);
  ok(await stop(what), { ...named, stoppedAt: "time" });
  const [stopped, again] = await Promise.all([status(), stop(what)]);
  assert.equal(stopped.hasReplication, false);
  assert.deepEqual(wanted(stopped), { pinned: false, asWanted: true, from: "none" });
  refused(again, "NOT_FOUND");
  ok(await start(what), { ...named, startedAt: "time" });
  const [started, startedAgain, nobody, onMaster, nowhere] = await Promise.all([
    status(),
    start(what),
    start({ ...what, participantId: "nobody" }),
    start({ ...what, destinationStageArn: master }),
    get("/api/stage/replication/status/Unknown1"),
  ]);
  assert.equal(started.hasReplication, true);
  assert.deepEqual(wanted(started), { pinned: true, asWanted: true, from: master });
  ok(startedAgain, { ...named, startedAt: "time" });
  refused(nobody, "NOT_FOUND");
  refused(onMaster, "FORBIDDEN");
  refused(nowhere, "NOT_FOUND");
  await until("it takes viewers", async () => (await stateOf(arn)) === "active");
}

const MOVE = {
  action: "string",
  reason: "string",
  stageArn: "arn",
  token: "string",
  participantId: "string",
  expiresAt: "time",
  seat: "string",
};

export async function viewers_are_moved_off_a_stage_that_is_to_go({ master, arn }) {
  const there = await join(newUser(), { stageArn: arn });
  assert.equal(there.stageArn, arn);
  const away = await rejoin(there.seat, "stage-at-capacity");
  assert.equal(away.stageArn, master);
  assert(away.token.length > 0);
  await leave(away.seat);
  const { seat, userId, participantId } = await join(newUser(), { stageArn: arn });
  await counted(1);
  const [full, drained] = await Promise.all([
    del(`/api/stage/${idOf(arn)}`),
    del(`/api/stage/${idOf(arn)}?drain=true`),
  ]);
  refused(full, "VALIDATION_ERROR", { viewerCount: 1 });
  const draining = ok(drained, { stageArn: "arn", deleted: "boolean", state: "string" });
  assert.deepEqual([draining.deleted, draining.state], [false, "draining"]);

  const { next } = await until("a place elsewhere is offered", async () => {
    const answer = await beat(seat);
    return answer.next.action === "move" && answer;
  }, 20);
  ok({ status: 200, data: next, what: JSON.stringify(next) }, MOVE);
  assert.equal(next.stageArn, master);
  assert.deepEqual((await beat(seat)).next.participantId, next.participantId); // until the new one is heard
  const byKey = ok(await post("/api/viewer/heartbeat", { userId, stageArn: arn, participantId }));
  assert.equal(byKey.next.action, "rejoin");
  await steer("/connect", { token: next.token });
  const moved = await beat(next.seat);
  assert.deepEqual([action(moved), moved.stageArn], ["continue", master]);
  await counted(1);
  await soon(seat, "rejoin moved"); // the old participant is told where its viewer went on
  await until("the stage is gone", async () => (await stateOf(arn)) === "gone", 30);
  assert.equal((await beat(next.seat)).next.action, "continue");
  await leave(next.seat);
  await counted(0);
}

/** Three stages. */
export async function when_all_seats_are_taken_the_next_is_told_why_and_when_to_come_back() {
  const seats = [];
  const opening = new Set();
  await steer("/limits", { createStageMillis: 400 });
  const reasons = await until("it is full for good", async () => {
    const answer = await post("/api/token/viewer", { userId: newUser() });
    if (answer.status === 200) {
      seats.push(answer.data.seat);
      return false;
    }
    const { reason, retryAfterSeconds } = refused(answer, "STAGE_FULL");
    opening.add(reason);
    const [from, to] = reason === "OPENING" ? [2, 5] : [30, 60];
    assert(retryAfterSeconds >= from && retryAfterSeconds <= to, answer.what);
    return reason === "MAX_STAGES" && opening;
  }, 60);
  await steer("/limits", { createStageMillis: 0 });
  assert.deepEqual([...reasons].sort(), ["MAX_STAGES", "OPENING"]);
  assert.equal(seats.length, 3 * CAPACITY, `${seats.length} seats`);
  await counted(3 * CAPACITY);
  const now = await stats();
  assert.deepEqual(now.stages.map((stage) => stage.viewerCount), [CAPACITY, CAPACITY, CAPACITY]);
  const full = await post("/api/stage", { name: "one-more" });
  refused(full, "STAGE_LIMIT_REACHED");
  refused(await bySeat("rejoin", seats[0], { reason: "stage-at-capacity" }), "STAGE_FULL");
  assert.equal(action(await beat(seats[0])), "continue"); // it keeps what it has
  await Promise.all(seats.map(leave));
  await counted(0);
}
