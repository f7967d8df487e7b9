// The house is full, for the REASON that the scaler has.
import assert from "node:assert/strict";
import { post, refused } from "./client.mjs";

const reason = process.env.REASON;
for (let n = 0; n <= 3 * Number(process.env.CAPACITY); n++) {
  const answer = await post("/api/token/viewer", { userId: `${reason}-${n}` });
  if (answer.status !== 200) {
    const { retryAfterSeconds } = refused(answer, "STAGE_FULL", { reason });
    const [from, to] = reason === "RECOVERING" ? [2, 5] : [30, 60];
    assert(retryAfterSeconds >= from && retryAfterSeconds <= to, answer.what);
    console.log("all of it");
    process.exit(0); // connections are kept
  }
}
assert.fail(`nobody was refused: ${reason}`);
