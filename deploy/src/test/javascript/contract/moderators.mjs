// A moderator's word: ban, unban, kick.
import assert from "node:assert/strict";
import { bySeat, call, del, get, newUser, ok, post, refused } from "./client.mjs";
import { action, counted, join, leave, rejoin, soon } from "./viewers.mjs";

export async function who_is_banned_is_out_and_stays_out_until_it_is_lifted() {
  const userId = newUser();
  const { seat, stageArn, participantId } = await join(userId);
  await counted(1);
  const ban = ok(await post("/api/viewer/ban", { userId, reason: "spam" }), { userId: "string", banned: "boolean" });
  assert.equal(ban.banned, true);
  await counted(0);
  const who = { userId, stageArn, participantId };
  refused(await post("/api/token/viewer", { userId }), "FORBIDDEN", { reason: "BANNED" });
  refused(await post("/api/viewer/rejoin", who), "FORBIDDEN", { reason: "BANNED" });
  await soon(seat, "stop banned");
  const back = await bySeat("rejoin", seat);
  if (back.status === 200) assert.equal(action(back.data), "stop banned");
  else refused(back, "FORBIDDEN", { reason: "BANNED" });
  ok(await bySeat("leave", seat));

  const { bans } = ok(await get("/api/viewer/bans?limit=1000"), { bans: [{ userId: "string", banned: "boolean" }] });
  assert(bans.some((each) => each.userId === userId && each.reason === "spam"));
  ok(await post("/api/viewer/ban", { userId: newUser(), until: "2050-01-01T00:00:00Z" }));
  const first = ok(await get("/api/viewer/bans?limit=1"), { bans: "array", nextCursor: "string" });
  assert.equal(first.bans.length, 1);
  const rest = ok(await get(`/api/viewer/bans?cursor=${encodeURIComponent(first.nextCursor)}`));
  assert.notEqual(rest.bans[0].userId, first.bans[0].userId);

  refused(await get("/api/viewer/bans?limit=0"), "VALIDATION_ERROR", { invalidFields: ["limit"] });

  assert.equal(ok(await del("/api/viewer/ban", { userId })).banned, false);
  assert.equal(ok(await call("DELETE", `/api/viewer/ban?userId=${userId}`)).banned, false); // nothing to be lifted
  refused(await post("/api/viewer/ban", { userId, until: "tomorrow" }), "VALIDATION_ERROR", { invalidFields: ["until"] });
  await leave((await join(userId)).seat);
  await counted(0);
}

export async function who_is_kicked_is_out_and_may_join_again() {
  const userId = newUser();
  const { seat } = await join(userId);
  await counted(1);
  assert.equal(ok(await post("/api/viewer/kick", { userId }), { userId: "string" }).kicked, true);
  await counted(0);
  const { next } = ok(await bySeat("heartbeat", seat));
  assert.equal(next.action, "stop");
  const again = await join(userId);
  assert.notEqual(action(await rejoin(seat)), "continue");
  await counted(1);
  await leave(again.seat);
  await counted(0);
}
