// An operator's word: to the scaler, to the doors, at the end.
import assert from "node:assert/strict";
import { bySeat, del, get, newUser, ok, post, put, refused, until } from "./client.mjs";
import { action, beat, counted, join, leave, rejoin, soon } from "./viewers.mjs";

export async function the_scaler_says_what_it_sees_and_does_as_it_is_told() {
  const state = ok(await get("/api/scaler"), { mode: "string", leader: "object" });
  for (const field of ["limits", "desired", "schedule"]) assert(field in state, `${field}: ${Object.keys(state)}`);
  const page = ok(await get("/api/scaler/decisions?limit=1"), { decisions: [{ id: "string" }], nextCursor: "string|null" });
  assert.equal(page.decisions.length, 1);
  ok(await get(`/api/scaler/decisions?limit=2&cursor=${page.nextCursor}`), { decisions: [{ id: "string" }] });
  for (const mode of ["hold", "auto"]) {
    assert.deepEqual(ok(await put("/api/scaler/mode", { mode })), { mode });
    assert.equal(ok(await get("/api/scaler")).mode, mode);
  }
  refused(await put("/api/scaler/mode", { mode: "fast" }), "VALIDATION_ERROR", { invalidFields: ["mode"] });
  const floor = { seats: 4, from: "2050-01-01T00:00:00.000Z", until: "2050-01-02T00:00:00.000Z" };
  assert.deepEqual(ok(await put("/api/scaler/floor", floor)), floor);
  ok(await put("/api/scaler/floor", { seats: 0 }), { seats: "integer" });
  refused(await put("/api/scaler/floor", { seats: -1, from: "soon" }), "VALIDATION_ERROR", { invalidFields: ["seats", "from"] });
  refused(await put("/api/scaler/floor", { ...floor, until: floor.from }), "VALIDATION_ERROR", { invalidFields: ["until"] });
}

export async function closed_doors_keep_newcomers_out_and_the_seated_in() {
  const { seat } = await join(newUser());
  const closed = ok(await put("/api/doors", { open: false, message: "We open at eight" }), { open: "boolean", message: "string" });
  assert.equal(closed.open, false);
  const answer = await post("/api/token/viewer", { userId: newUser() });
  const { retryAfterSeconds } = refused(answer, "STAGE_FULL", { reason: "DOORS_CLOSED" });
  assert(retryAfterSeconds >= 30 && retryAfterSeconds <= 60);
  assert.match(answer.error.message, /We open at eight/);
  assert.equal(action(await beat(seat)), "continue");
  assert.equal(action(await rejoin(seat, "user")), "continue");
  assert.deepEqual(ok(await put("/api/doors", { open: true })), { open: true });
  await leave((await join(newUser())).seat);
  await leave(seat);
  refused(await put("/api/doors", { open: "yes" }), "VALIDATION_ERROR", { invalidFields: ["open"] });
  await counted(0);
}

export async function the_end_sends_everybody_home_until_somebody_publishes_again() {
  const { seat } = await join(newUser());
  refused(await post("/api/broadcast/end", { afterSeconds: -1 }), "VALIDATION_ERROR", { invalidFields: ["afterSeconds"] });
  ok(await post("/api/broadcast/end", { afterSeconds: 3600 }));
  assert.equal(action(await beat(seat)), "continue");
  ok(await del("/api/broadcast/end"));
  ok(await post("/api/broadcast/end"));
  await soon(seat, "stop ended");
  assert.equal(action(await rejoin(seat, "user")), "stop ended");
  refused(await post("/api/token/viewer", { userId: newUser() }), "NOT_FOUND", { reason: "PUBLISHER_OFFLINE" });
  await until("offline", async () => !ok(await get("/api/stats/publisher")).isPublisherLive, 5);
  ok(await bySeat("leave", seat));
  ok(await post("/api/token/publisher", { userId: "ann" }));
  await leave((await join(newUser())).seat);
  await counted(0);
}
