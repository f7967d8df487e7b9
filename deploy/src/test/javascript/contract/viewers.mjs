// Viewers: join, heartbeat, leave, rejoin; by key and by seat.
import assert from "node:assert/strict";
import { bySeat, call, claimsOf, clearFaults, get, newUser, ok, post, refused, signed, steer, until } from "./client.mjs";

export const COUNTS = { heartbeatInterval: "integer", totalViewers: "integer", currentViewers: "integer" };
export const NEXT = { action: "string" };

export const JOIN = {
  token: "string",
  participantId: "string",
  userId: "string",
  stageArn: "arn",
  capabilities: "array",
  expiresAt: "time",
  expiresIn: "integer",
  currentViewers: "integer",
  isNewViewer: "boolean",
  seat: "string",
  heartbeatInterval: "integer",
  totalViewers: "integer",
  next: NEXT,
};

/** `token` only when the viewer needs another one. */
export const REJOIN = { ...Object.fromEntries(Object.entries(JOIN).slice(1)), "token?": "string" };

const BEAT = {
  userId: "string",
  stageArn: "arn",
  heartbeatUpdated: "boolean",
  heartbeatInterval: "integer",
  totalViewers: "integer",
  currentViewers: "integer",
  "seat?": "string",
  next: NEXT,
};

const LEAVE = { userId: "string", stageArn: "arn", viewerLeft: "boolean" };

export const join = async (userId, more) => ok(await post("/api/token/viewer", { userId, ...more }), JOIN);
export const beat = async (seat) => ok(await bySeat("heartbeat", seat), BEAT);
export const leave = async (seat) => {
  const data = ok(await bySeat("leave", seat), LEAVE);
  assert.equal(data.viewerLeft, true);
};
export const rejoin = async (seat, reason) => ok(await bySeat("rejoin", seat, reason && { reason }));

export const action = ({ next }) => [next.action, next.reason].filter(Boolean).join(" ");
export const total = async () => ok(await get("/api/stats/viewers"), { totalViewers: "integer" }).totalViewers;
export const counted = (viewers) => until(`${viewers} viewers`, async () => (await total()) === viewers, 10);

/** What is appended is folded at once, but not in the same instant. */
export const soon = (seat, wanted) =>
  until(`${wanted} is answered`, async () => {
    const answer = await beat(seat);
    return action(answer) === wanted && answer;
  }, 10);

export async function a_viewer_joins_beats_and_leaves() {
  const userId = "Bén 🎫";
  const joined = await join(userId, { attributes: { name: "Ben" } });
  assert.equal(joined.userId, userId);
  assert.deepEqual(joined.capabilities, ["SUBSCRIBE"]);
  assert.deepEqual([joined.isNewViewer, joined.currentViewers, joined.totalViewers], [true, 1, 1]);
  assert.equal(action(joined), "continue");
  const claims = claimsOf(joined.seat);
  assert.deepEqual(
    [claims.broadcast, claims.user, claims.stage, claims.participant],
    ["main", userId, joined.stageArn, joined.participantId],
  );
  assert.equal(claims.exp, Math.floor(Date.parse(joined.expiresAt) / 1000));
  assert.equal((await steer("/connect", { token: joined.token })).participantId, joined.participantId);

  for (const credential of [{ seat: joined.seat }, { body: { seat: joined.seat } }]) {
    const answer = await post("/api/viewer/heartbeat", credential.body, { key: false, seat: credential.seat });
    assert.equal(ok(answer, BEAT).heartbeatUpdated, true);
  }
  assert.equal((await beat(joined.seat)).userId, userId);
  await counted(1);
  await leave(joined.seat);
  await counted(0);
  await leave(joined.seat); // it was not there, and that is all right
  await soon(joined.seat, "stop left");
  assert.equal(await total(), 0);
}

export async function a_backend_speaks_for_its_viewers() {
  const userId = newUser();
  const { stageArn, participantId, seat } = await join(userId);
  const who = { userId, stageArn, participantId };
  assert.equal(ok(await post("/api/viewer/heartbeat", { userId, stageArn }), BEAT).heartbeatUpdated, true);
  assert.equal(ok(await post("/api/viewer/heartbeat", who), BEAT).heartbeatUpdated, true);
  const again = ok(await post("/api/viewer/rejoin", { ...who, reason: "user" }), JOIN);
  assert.notEqual(again.participantId, participantId);
  await counted(1);
  await soon(seat, "stop superseded");
  ok(await post("/api/viewer/leave", { userId, stageArn, participantId: again.participantId }), LEAVE);
  await counted(0);
  await until("unknown", async () => {
    const answer = await post("/api/viewer/heartbeat", { userId, stageArn });
    return answer.status === 404 && answer;
  }, 5);
  refused(await post("/api/viewer/heartbeat", { userId: newUser(), stageArn }), "NOT_FOUND");
  for (const act of ["heartbeat", "leave", "rejoin"]) {
    refused(await post(`/api/viewer/${act}`, { userId, stageArn: `${stageArn}x`, participantId }), "NOT_FOUND");
  }
  refused(await post("/api/token/viewer", { userId, stageArn: `${stageArn}x` }), "NOT_FOUND");
  refused(await post("/api/viewer/rejoin", { ...who, reason: 7 }), "VALIDATION_ERROR", { invalidFields: ["reason"] });
}

export async function the_newer_device_goes_on() {
  const userId = newUser();
  const first = await join(userId);
  const second = await join(userId);
  assert.deepEqual([second.isNewViewer, second.totalViewers], [false, 1]);
  assert.notEqual(claimsOf(first.seat).admission, claimsOf(second.seat).admission);
  await soon(first.seat, "stop superseded");
  assert.equal((await beat(first.seat)).heartbeatUpdated, false);
  assert.equal(action(await rejoin(first.seat, "user")), "stop superseded");
  await leave(first.seat);
  assert.equal(action(await beat(second.seat)), "continue");
  await counted(1);
  await leave(second.seat);
  await counted(0);
}

export async function who_comes_back_keeps_its_admission_and_its_token() {
  const joined = await join(newUser());
  for (const reason of [undefined, "background", "user"]) {
    const again = await rejoin(joined.seat, reason);
    ok({ status: 200, data: again, what: JSON.stringify(again) }, REJOIN);
    assert.equal(again.token, undefined);
    assert.equal(claimsOf(again.seat).admission, claimsOf(joined.seat).admission);
  }
  const renewed = await rejoin(joined.seat, "token-expired");
  assert.equal((await steer("/connect", { token: renewed.token })).participantId, renewed.participantId);
  assert.equal(claimsOf(renewed.seat).admission, claimsOf(joined.seat).admission);
  await counted(1);
  await leave(renewed.seat);
  await counted(0);
  assert.equal(action(await rejoin(renewed.seat, "background")), "continue"); // after its own leave, too
  await counted(1);
  await leave(renewed.seat);
  await counted(0);
}

export async function time_renews_a_seat_and_a_token_and_at_last_the_connection() {
  const { seat } = await join(newUser());
  await counted(1);
  const now = Math.floor(Date.now() / 1000);
  const aged = (hours, left) => {
    const { tokenEnd, ...claims } = claimsOf(seat);
    return signed({ ...claims, iat: now - hours * 3600, exp: now + left });
  };
  const fresh = await beat(aged(1, 11 * 3600));
  assert.deepEqual([action(fresh), fresh.seat], ["continue", undefined]);
  const near = await beat(aged(11, 3600)); // of twelve
  assert.equal(near.next.action, "refresh");
  assert(near.next.token.length > 0 && Date.parse(near.next.expiresAt) > Date.now() + 11 * 3600_000);
  assert(claimsOf(near.seat).exp > now + 11 * 3600);
  assert.equal((await beat(near.seat)).next.action, "continue");
  assert.equal((await beat(aged(23.6, 3600))).next.action, "rejoin");
  assert.equal((await rejoin(aged(11, 3600), "user")).token.length > 0, true);
  await leave(seat);
  await counted(0);
}

export async function a_seat_that_is_none_is_refused_and_changes_nothing() {
  const { seat, userId, stageArn, participantId } = await join(newUser());
  await counted(1);
  const claims = claimsOf(seat);
  const now = Math.floor(Date.now() / 1000);
  const parts = seat.split(".");
  const flip = (text) => (text[0] === "A" ? "B" : "A") + text.slice(1);
  const invalid = [
    "x",
    "v1...",
    "null",
    seat.slice(0, -1),
    seat.slice(0, seat.length / 2),
    `${seat}A`,
    `${seat}=`,
    seat.toUpperCase(),
    [parts[0], parts[1], flip(parts[2]), parts[3]].join("."),
    [parts[0], parts[1], parts[2], flip(parts[3])].join("."),
    ["v2", ...parts.slice(1)].join("."),
    [parts[0], parts[1], parts[2], ""].join("."),
    signed(claims, { kid: "unknown" }),
    signed(claims, { secret: "another-secret-that-is-not-ours" }),
    signed({ ...claims, stage: "ivs:prod:events" }),
    signed({ broadcast: "main" }),
    signed("text"),
    "v1.".repeat(1400),
  ];
  const cases = [
    ...invalid.map((text) => [text, "UNAUTHORIZED", "SEAT_INVALID"]),
    [signed({ ...claims, exp: now - 1 }), "UNAUTHORIZED", "SEAT_EXPIRED"],
    [signed({ ...claims, exp: 0 }), "UNAUTHORIZED", "SEAT_EXPIRED"],
    [signed({ ...claims, broadcast: "other" }), "FORBIDDEN", "SEAT_FOREIGN"],
  ];
  for (const act of ["heartbeat", "leave", "rejoin"]) {
    for (const [text, code, reason] of cases) {
      for (const shown of [{ body: { seat: text } }, { seat: text }]) {
        const answer = await call("POST", `/api/viewer/${act}`, { key: false, ...shown });
        answer.what += ` of ${JSON.stringify(shown)}`;
        refused(answer, code, { reason });
      }
    }
    const others = { userId: `${userId}x`, stageArn: `${stageArn}x`, participantId: `${participantId}x` };
    for (const [field, value] of Object.entries(others)) {
      refused(await bySeat(act, seat, { [field]: value }), "FORBIDDEN", { reason: "SEAT_FOREIGN" });
    }
    const two = { key: false, seat, body: { seat: signed(claims) } };
    if (two.body.seat !== seat) refused(await call("POST", `/api/viewer/${act}`, two), "FORBIDDEN", { reason: "SEAT_FOREIGN" });
    refused(await call("POST", `/api/viewer/${act}`, { key: false, headers: { Authorization: "Basic YTpi" } }), "UNAUTHORIZED");
    refused(await bySeat(act, 7), "VALIDATION_ERROR", { invalidFields: ["seat"] });
    refused(await call("POST", `/api/viewer/${act}?seat=${seat}`, { key: false, body: {} }), "UNAUTHORIZED");
  }
  ok(await bySeat("heartbeat", seat, { userId, stageArn, participantId }), BEAT);
  await counted(1);
  await leave(seat);
  await counted(0);
}

export async function when_ivs_makes_no_token_no_seat_is_lost() {
  const faults = (kind, more) => steer("/faults", { op: "CreateParticipantToken", kind, times: 20, ...more });
  await faults("error", { status: 500, type: "InternalServerException" });
  refused(await post("/api/token/viewer", { userId: newUser() }), "TOKEN_GENERATION_FAILED");
  refused(await post("/api/token/publisher", { userId: "ann" }), "TOKEN_GENERATION_FAILED");
  refused(await post("/api/token/publisher-all", { userId: "ann" }), "TOKEN_GENERATION_FAILED");
  await clearFaults();
  await faults("throttle");
  refused(await post("/api/token/viewer", { userId: newUser() }), "SERVICE_UNAVAILABLE");
  await clearFaults();
  const { seat } = await join(newUser());
  await leave(seat);
  await counted(0);
}

export async function who_joins_too_often_is_told_when_to_come_back_and_nobody_else() {
  const userId = newUser();
  let seat;
  const { headers, what } = await until("it is too often", async () => {
    const answer = await post("/api/token/viewer", { userId });
    if (answer.status === 200) seat = answer.data.seat;
    return answer.status !== 200 && answer;
  });
  assert.equal(headers["ratelimit-limit"] > 0, true, what);
  assert.equal(headers["ratelimit-remaining"], "0", what);
  assert.match(headers["ratelimit-reset"], /^\d+$/, what);
  refused(await post("/api/token/viewer", { userId }), "TOO_MANY_REQUESTS");
  assert.equal(action(await beat(seat)), "continue");
  const other = await join(newUser());
  await leave(other.seat);
  await leave(seat);
  await counted(0);
}
