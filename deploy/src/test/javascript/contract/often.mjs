// Who asks too often is told so, and nobody else: against a gateway with RATE_LIMITS=join=off,beat=6/m,leave=2/m,read=5/s,bad=3/m.
import assert from "node:assert/strict";
import { bySeat, get, ok, post, refused } from "./client.mjs";

/** Asks until it is refused; how often it was answered before. */
async function answered(ask, atMost) {
  for (let times = 0; times <= atMost; times++) {
    const answer = await ask();
    if (answer.status === 429) {
      refused(answer, "TOO_MANY_REQUESTS");
      assert(Number(answer.headers["ratelimit-limit"]) > 0, answer.what);
      assert.equal(answer.headers["ratelimit-remaining"], "0", answer.what);
      assert(Number(answer.headers["ratelimit-reset"]) > 0, answer.what);
      return times;
    }
  }
  assert.fail(`answered more than ${atMost} times`);
}

const join = async (userId) => ok(await post("/api/token/viewer", { userId })).seat;

const [hasty, calm] = [await join("hasty"), await join("calm")];
assert.equal(await answered(() => bySeat("heartbeat", hasty), 6), 6);
ok(await bySeat("heartbeat", calm));
assert.equal(await answered(() => bySeat("leave", hasty), 2), 2);
ok(await bySeat("leave", calm));
// Five at once, and what comes back meanwhile.
assert((await answered(() => get("/api/stats", { key: process.env.STATS_KEY }), 500)) >= 5);
ok(await get("/api/stats"));
assert.equal(await answered(() => bySeat("heartbeat", "no-seat-at-all"), 3), 3);
console.log("all of it");
process.exit(0); // connections are kept
