// Redis is away: whatever needs it is refused at once, with a time to come back, and the gateway lives.
import assert from "node:assert/strict";
import { bySeat, call, get, post, put, refused, signed } from "./client.mjs";

const now = Math.floor(Date.now() / 1000);
const seat = signed({
  broadcast: "main",
  user: "ben",
  stage: process.env.MASTER,
  participant: "p1",
  admission: "a1",
  iat: now,
  exp: now + 3600,
  tokenEnd: now + 3600,
});
const answers = await Promise.all([
  post("/api/token/viewer", { userId: "ben" }),
  post("/api/token/publisher", { userId: "ann" }),
  bySeat("heartbeat", seat),
  bySeat("leave", seat),
  bySeat("rejoin", seat),
  post("/api/publisher/offline"),
  get("/api/stats"),
  get("/api/scaler"),
  put("/api/doors", { open: true }),
  get("/api/stage/list"),
  get("/api/viewer/list/unknown1"),
  get("/api/viewer/history/ben"),
]);
for (const answer of answers) refused(answer, "SERVICE_UNAVAILABLE");
assert.equal((await call("GET", "/health/live", { key: false })).status, 200);
assert.equal((await call("GET", "/health/ready", { key: false })).status, 503);
console.log("all of it");
process.exit(0); // connections are kept
