// Publishers: tokens, who is live, and what IVS says of it.
import assert from "node:assert/strict";
import { get, newUser, ok, post, refused, steer, until } from "./client.mjs";

const TOKEN = {
  token: "string",
  participantId: "string",
  userId: "string",
  stageArn: "arn",
  capabilities: "array",
  expiresAt: "time",
  expiresIn: "integer",
  whipEndpoint: "string",
  instructions: { obs: "string", web: "string" },
};

const ALL = {
  userId: "string",
  totalStages: "integer",
  successfulTokens: "integer",
  failedTokens: "integer",
  tokens: [
    {
      stageArn: "arn",
      stageId: "string",
      token: "string",
      participantId: "string",
      capabilities: "array",
      expiresAt: "time",
      expiresIn: "integer",
    },
  ],
  failures: "array",
  whipEndpoint: "string",
};

const isLive = async () => ok(await get("/api/stats/publisher")).isPublisherLive;

export async function while_nobody_publishes_viewers_are_asked_to_come_back() {
  const answer = await post("/api/token/viewer", { userId: newUser() });
  const details = refused(answer, "NOT_FOUND", { reason: "PUBLISHER_OFFLINE" });
  assert.equal(Number(answer.headers["retry-after"]), details.retryAfterSeconds, answer.what);
  assert.equal(await isLive(), false);
}

export async function a_publisher_token_makes_live() {
  const userId = "Ann Ünïcode 🎪";
  const data = ok(await post("/api/token/publisher", { userId, attributes: { role: "host" } }), TOKEN);
  assert.equal(data.userId, userId);
  assert.deepEqual(data.capabilities, ["PUBLISH"]);
  assert(Math.abs(Date.parse(data.expiresAt) - Date.now() - data.expiresIn * 1000) < 5000);
  assert(data.expiresIn > 11 * 3600);
  await until("live", isLive, 5);
  const status = ok(await get("/api/stats/publisher"), { isPublisherLive: "boolean", since: "time", evidence: "string" });
  assert.deepEqual([status.isPublisherLive, status.evidence], [true, "token"]);
  const connected = await steer("/connect", { token: data.token });
  assert.equal(connected.participantId, data.participantId);
  await steer("/publish", { stageArn: data.stageArn, participantId: data.participantId });
  return data;
}

export async function an_operator_s_offline_holds_until_the_next_token() {
  assert.deepEqual(ok(await post("/api/publisher/offline", {})), { isPublisherLive: false });
  await until("offline", async () => !(await isLive()), 5);
  refused(await post("/api/token/viewer", { userId: newUser() }), "NOT_FOUND", { reason: "PUBLISHER_OFFLINE" });
  ok(await post("/api/publisher/offline")); // no body, and nothing to be done
  ok(await post("/api/token/publisher", { userId: "ann" }), TOKEN);
  await until("live", isLive, 5); // statistics of one moment are shared
}

export async function one_publisher_gets_a_token_for_every_stage_or_for_every_source() {
  const every = ok(await post("/api/token/publisher-all", { userId: "ann" }), ALL);
  assert(every.successfulTokens >= 1);
  assert.equal(every.totalStages, every.successfulTokens + every.failedTokens);
  assert.equal(every.tokens.length, every.successfulTokens);
  assert(every.tokens.every((each) => each.capabilities[0] === "PUBLISH" && each.stageArn.endsWith(`/${each.stageId}`)));
  const sources = ok(await post("/api/token/publisher-all?sources=true", { userId: "ann" }), ALL);
  assert.equal(sources.totalStages, 1); // up to six stages are one source's
}

const INTERNAL = process.env.INTERNAL_SECRET;

export async function a_media_server_with_the_internal_secret_may_do_both(publisher) {
  const body = { serverId: "media-1", stageArn: publisher.stageArn };
  const asked = (secret, what = body) =>
    post("/api/token/mediaserver", what, { key: false, headers: secret ? { "X-Internal-Secret": secret } : {} });
  const data = ok(await asked(INTERNAL), {
    token: "string",
    participantId: "string",
    stageArn: "arn",
    capabilities: "array",
    expiresAt: "time",
  });
  assert.deepEqual([...data.capabilities].sort(), ["PUBLISH", "SUBSCRIBE"]);
  assert.equal((await steer("/connect", { token: data.token })).participantId, data.participantId);
  await steer("/leave", { stageArn: data.stageArn, participantId: data.participantId });
  for (const wrong of [undefined, "wrong", `${INTERNAL}x`, INTERNAL.toUpperCase()]) {
    refused(await asked(wrong), "FORBIDDEN");
  }
  refused(await post("/api/token/mediaserver", body), "FORBIDDEN"); // a key is no secret
  const secret = { key: false, headers: { "X-Internal-Secret": INTERNAL } };
  refused(await post("/api/token/mediaserver", "x".repeat(70_000), secret), "PAYLOAD_TOO_LARGE");
  refused(await post("/api/token/mediaserver", body, { ...secret, type: "text/html" }), "UNSUPPORTED_MEDIA_TYPE");
  refused(await asked(INTERNAL, {}), "VALIDATION_ERROR", { missingFields: ["serverId", "stageArn"] });
  refused(await asked(INTERNAL, { ...body, stageArn: `${body.stageArn}x` }), "NOT_FOUND");
}

/** As an API destination delivers it. */
const event = (stageArn, name, participantId, time = new Date().toISOString()) => ({
  version: "0",
  id: "12345678-54fa-431c-8ca5-4f3a2d5e0e4b",
  "detail-type": "IVS Stage Update",
  source: "aws.ivs",
  account: "123456789012",
  time,
  region: "us-east-1",
  resources: [stageArn],
  detail: { session_id: "st-1", event_name: name, participant_id: participantId, user_id: "ann", replica: false },
});

export async function ivs_itself_says_who_publishes_and_nonsense_does_no_harm(publisher) {
  const { stageArn, participantId } = publisher;
  const published = event(stageArn, "Participant Published", participantId);
  assert.equal(ok(await post("/api/events/ivs", published)).accepted, true);
  ok(await post("/api/events/ivs", published), { accepted: "boolean" });
  await until("seen by IVS", async () => ok(await get("/api/stats/publisher")).evidence === "ivs", 5);
  const late = event(stageArn, "Participant Unpublished", participantId, "2020-01-01T00:00:00Z");
  ok(await post("/api/events/ivs", late));
  ok(await post("/api/events/ivs", { ...published, "detail-type": "Something New" }));
  ok(await post("/api/events/ivs", { ...published, source: "aws.elsewhere" }));
  ok(await post("/api/events/ivs", event(stageArn, "Nothing Known", participantId)));
  ok(await post("/api/events/ivs", event(`${stageArn}x`, "Participant Published", participantId)));
  assert.equal(await isLive(), true);
}
