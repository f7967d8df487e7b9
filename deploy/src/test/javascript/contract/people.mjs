// Who watches, for how long, and when before.
import assert from "node:assert/strict";
import { get, newUser, ok, post, refused, until } from "./client.mjs";
import { counted, join, leave } from "./viewers.mjs";

const LIST = {
  stageArn: "arn",
  totalViewers: "integer",
  activeViewers: "integer",
  viewers: [{ userId: "string", participantId: "string", joinedAt: "time", lastHeartbeat: "time" }],
  nextCursor: "string|null",
};
const DURATION = {
  userId: "string",
  stageArn: "arn",
  watchDurationSeconds: "integer",
  watchDurationFormatted: "string",
};
const HISTORY = {
  userId: "string",
  totalRecords: "integer",
  history: [
    {
      userId: "string",
      stageArn: "arn",
      participantId: "string",
      joinedAt: "time",
      leftAt: "time|null",
      reason: "string|null",
      watchDurationSeconds: "integer",
    },
  ],
  nextCursor: "string|null",
};

const list = async (stage, query = "") => ok(await get(`/api/viewer/list/${encodeURIComponent(stage)}${query}`), LIST);
const history = async (userId, query = "") =>
  ok(await get(`/api/viewer/history/${encodeURIComponent(userId)}${query}`), HISTORY);
const duration = (userId, stageArn) => get(`/api/viewer/duration?${new URLSearchParams({ userId, stageArn })}`);
const ended = (userId, records) =>
  until(`${records} records of ${userId}`, async () => (await history(userId)).totalRecords === records, 10);

export async function who_watches_is_listed_page_by_page() {
  const joined = [];
  for (let n = 0; n < 3; n++) joined.push(await join(n === 0 ? `Bén/${newUser()} 🎫` : newUser()));
  await counted(3);
  const { stageArn } = joined[0];
  const here = joined.filter((each) => each.stageArn === stageArn);
  for (const name of [stageArn, stageArn.slice(stageArn.indexOf("/") + 1)]) {
    const { totalViewers, activeViewers, viewers, nextCursor, ...rest } = await list(name);
    assert.deepEqual([rest.stageArn, totalViewers, activeViewers, nextCursor], [stageArn, here.length, here.length, null]);
    const found = Object.fromEntries(viewers.map((each) => [each.userId, each.participantId]));
    assert.deepEqual(found, Object.fromEntries(here.map((each) => [each.userId, each.participantId])));
    assert(viewers.every((each) => each.joinedAt <= each.lastHeartbeat));
  }
  const seen = new Set();
  for (let cursor = ""; cursor !== null; ) {
    const page = await list(stageArn, `?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    assert(page.viewers.length <= 1);
    page.viewers.forEach((each) => seen.add(each.userId));
    cursor = page.nextCursor;
  }
  assert.deepEqual([...seen].sort(), here.map((each) => each.userId).sort());
  for (const { seat } of joined) await leave(seat);
  await counted(0);
  assert.deepEqual((await list(stageArn)).viewers, []);
}

export async function how_long_one_watches_is_told_of_who_is_there() {
  const { userId, stageArn, seat } = await join(newUser());
  await counted(1);
  const watched = ok(await duration(userId, stageArn), DURATION);
  assert.deepEqual([watched.userId, watched.stageArn], [userId, stageArn]);
  const [, hours, minutes, seconds] = watched.watchDurationFormatted.match(/^(\d+)h (\d\d)m (\d\d)s$/).map(Number);
  assert.equal((hours * 60 + minutes) * 60 + seconds, watched.watchDurationSeconds);
  refused(await duration(newUser(), stageArn), "NOT_FOUND");
  refused(await duration(userId, `${stageArn}x`), "NOT_FOUND");
  await leave(seat);
  await counted(0);
  refused(await duration(userId, stageArn), "NOT_FOUND");
}

export async function when_one_watched_is_told_newest_first() {
  const userId = `Bén/${newUser()}`;
  assert.deepEqual(await history(userId), { userId, totalRecords: 0, history: [], nextCursor: null });
  const first = await join(userId);
  await counted(1);
  const [running] = (await history(userId)).history;
  assert.deepEqual([running.userId, running.stageArn, running.participantId], [userId, first.stageArn, first.participantId]);
  assert.deepEqual([running.leftAt, running.reason], [null, null]);
  await leave(first.seat);
  await counted(0);
  await join(userId);
  await counted(1);
  ok(await post("/api/viewer/kick", { userId }));
  await counted(0);
  const last = await join(userId);
  await counted(1);
  await ended(userId, 3);

  const { history: all, nextCursor } = await history(userId);
  assert.equal(nextCursor, null);
  assert.deepEqual(all.map((each) => each.reason), [null, "kicked", "left"]);
  assert.deepEqual([all[2].stageArn, all[2].participantId], [first.stageArn, first.participantId]);
  assert.equal(all[2].joinedAt, running.joinedAt);
  for (const { joinedAt, leftAt, watchDurationSeconds } of all.slice(1)) {
    assert.equal(watchDurationSeconds, Math.floor((Date.parse(leftAt) - Date.parse(joinedAt)) / 1000));
  }
  const pages = [];
  for (let cursor = ""; cursor !== null; ) {
    const page = await history(userId, `?limit=1${cursor && `&cursor=${cursor}`}`);
    assert.deepEqual([page.history.length, page.totalRecords], [1, 3]);
    pages.push(page.history[0].reason);
    cursor = page.nextCursor;
  }
  assert.deepEqual(pages, [null, "kicked", "left"]);
  await leave(last.seat);
  await counted(0);
}

export async function what_nobody_can_be_asked_is_refused() {
  const { stageArn } = ok(await get("/api/stage/master/info"), { stage: { stageArn: "arn" } }).stage;
  const stage = encodeURIComponent(stageArn);
  refused(await get("/api/viewer/list/unknown1"), "NOT_FOUND");
  refused(await get(`/api/viewer/list/${stage}x`), "NOT_FOUND");
  for (const path of [`list/${stage}`, "history/ben"]) {
    for (const limit of ["0", "-1", "x", "1.5", "1001", "99999999999999999999"]) {
      refused(await get(`/api/viewer/${path}?limit=${limit}`), "VALIDATION_ERROR", { invalidFields: ["limit"] });
    }
    refused(await get(`/api/viewer/${path}?cursor=never!`), "VALIDATION_ERROR", { invalidFields: ["cursor"] });
  }
  for (const [query, missingFields, invalidFields] of [
    ["", ["userId", "stageArn"], []],
    ["?userId=ben", ["stageArn"], []],
    [`?stageArn=${stage}`, ["userId"], []],
    ["?userId=&stageArn=master", [], ["userId", "stageArn"]],
  ]) {
    refused(await get(`/api/viewer/duration${query}`), "VALIDATION_ERROR", { missingFields, invalidFields });
  }
  refused(await get(`/api/viewer/history/${"x".repeat(129)}`), "VALIDATION_ERROR", { invalidFields: ["userId"] });
}
