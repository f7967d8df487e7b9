// What the simulator answers, seen by AWS's JavaScript SDK. Prints a line for each thing that holds;
// the first that does not ends it with an error. Needs SIMULATOR_URL.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  ConflictException,
  IVSRealTime,
  paginateListParticipantReplicas,
  paginateListParticipants,
  paginateListStages,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ValidationException,
} from "@aws-sdk/client-ivs-realtime";

const url = process.env.SIMULATOR_URL;
const settings = {
  endpoint: url,
  region: "us-east-1",
  credentials: { accessKeyId: "AKIAJAVASCRIPT", secretAccessKey: "secret" },
};
const ivs = new IVSRealTime(settings);
const events = new EventBridgeClient(settings);

async function steer(path, body) {
  const answer = await fetch(`${url}/_sim${path}`, { method: "POST", body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) {
    throw Object.assign(new Error(json.message), json);
  }
  return json;
}

async function holds(what, check) {
  await check();
  console.log(`holds: ${what}`);
}

async function collect(pages, member) {
  const items = [];
  for await (const page of pages) {
    items.push(...page[member]);
  }
  return items;
}

const refusal = (type, status) => (error) => {
  assert(error instanceof type, `${error.name} is no ${type.name}`);
  assert.equal(error.$metadata.httpStatusCode, status);
  assert(error.exceptionMessage.length > 0);
  return true;
};

const { stage, participantTokens } = await ivs.createStage({
  name: "room-1_a",
  tags: { env: "dev" },
  participantTokenConfigurations: [{ userId: "anna", capabilities: ["PUBLISH", "SUBSCRIBE"] }],
});
const anna = participantTokens[0];

await holds("a stage with endpoints, tags and tokens", async () => {
  assert.match(stage.arn, /^arn:aws:ivs:us-east-1:[0-9]{12}:stage\/[a-zA-Z0-9]{12}$/);
  assert.match(stage.endpoints.whip, /^https:/);
  assert.equal(stage.activeSessionId, "");
  assert(anna.expirationTime instanceof Date);
  assert.equal(anna.duration, 720);
  assert.deepEqual((await ivs.getStage({ arn: stage.arn })).stage, stage);
  await ivs.tagResource({ resourceArn: stage.arn, tags: { "a b": "c/d" } });
  await ivs.untagResource({ resourceArn: stage.arn, tagKeys: ["env"] });
  assert.deepEqual((await ivs.listTagsForResource({ resourceArn: stage.arn })).tags, { "a b": "c/d" });
});

await holds("stages by pages", async () => {
  for (let i = 0; i < 4; i++) {
    await ivs.createStage({ name: `page-${i}` });
  }
  const stages = await collect(paginateListStages({ client: ivs, pageSize: 2 }, {}), "stages");
  assert.equal(new Set(stages.map((it) => it.arn)).size, 5);
});

const joined = await steer("/connect", { token: anna.token });
const inSession = { stageArn: stage.arn, sessionId: joined.sessionId };

await holds("a session with a participant and its events", async () => {
  await steer("/publish", { stageArn: stage.arn, participantId: anna.participantId });
  assert.match(joined.sessionId, /^st-[a-zA-Z0-9]{13}$/);
  assert.equal((await ivs.getStage({ arn: stage.arn })).stage.activeSessionId, joined.sessionId);
  const { stageSessions } = await ivs.listStageSessions({ stageArn: stage.arn });
  assert.equal(stageSessions[0].sessionId, joined.sessionId);
  assert(stageSessions[0].startTime instanceof Date);
  const { stageSession } = await ivs.getStageSession(inSession);
  assert.equal(stageSession.endTime, undefined);
  const { participant } = await ivs.getParticipant({ ...inSession, participantId: anna.participantId });
  assert.equal(participant.userId, "anna");
  assert.equal(participant.state, "CONNECTED");
  assert.equal(participant.published, true);
  assert(participant.firstJoinTime instanceof Date);
  const told = await ivs.listParticipantEvents({ ...inSession, participantId: anna.participantId });
  assert.deepEqual(told.events.map((it) => it.name), ["JOINED", "PUBLISH_STARTED"]);
  assert(told.events[0].eventTime instanceof Date);
});

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });

function selfSigned(key, jti) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    exp: now + 600,
    iat: now,
    jti,
    user_id: `user-${jti}`,
    resource: stage.arn,
    topic: stage.arn.split("/")[1],
    events_url: stage.endpoints.events,
    whip_url: stage.endpoints.whip,
    capabilities: { allow_subscribe: true },
    version: "1.0",
  };
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const content = `${encode({ alg: "ES384", typ: "JWT", kid: key.arn })}.${encode(claims)}`;
  const signature = sign("sha384", Buffer.from(content), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}

await holds("tokens signed outside and viewers listed by pages and filters", async () => {
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const { publicKey: key } = await ivs.importPublicKey({ publicKeyMaterial: pem, name: "js" });
  for (let i = 0; i < 5; i++) {
    await steer("/connect", { token: selfSigned(key, `viewer-${i}`) });
  }
  await steer("/leave", { stageArn: stage.arn, participantId: "viewer-4" });
  const list = (filter) =>
    collect(paginateListParticipants({ client: ivs, pageSize: 2 }, { ...inSession, ...filter }), "participants");
  assert.equal((await list({})).length, 6);
  assert.equal((await list({ filterByState: "CONNECTED" })).length, 5);
  assert.equal((await list({ filterByPublished: false })).length, 5);
  assert.equal((await list({ filterByUserId: "user-viewer-3" }))[0].participantId, "viewer-3");
  await assert.rejects(
    ivs.listParticipants({ ...inSession, filterByPublished: true, filterByState: "CONNECTED" }),
    refusal(ValidationException, 400),
  );
  await assert.rejects(steer("/connect", { token: `${selfSigned(key, "x").slice(0, -6)}AAAAAA` }), {
    code: "TOKEN_NOT_ALLOWED",
  });
});

await holds("replication, its conflict, its limit and its end", async () => {
  const replicate = { sourceStageArn: stage.arn, participantId: anna.participantId };
  const targets = [];
  for (let i = 0; i < 6; i++) {
    targets.push((await ivs.createStage({ name: `target-${i}` })).stage.arn);
  }
  for (const destinationStageArn of targets.slice(0, 5)) {
    const answer = await ivs.startParticipantReplication({ ...replicate, destinationStageArn });
    assert.equal(answer.accessControlAllowOrigin, "*");
  }
  await assert.rejects(
    ivs.startParticipantReplication({ ...replicate, destinationStageArn: targets[0] }),
    refusal(ConflictException, 409),
  );
  await assert.rejects(
    ivs.startParticipantReplication({ ...replicate, destinationStageArn: targets[5] }),
    refusal(ServiceQuotaExceededException, 402),
  );
  const replicas = await collect(paginateListParticipantReplicas({ client: ivs, pageSize: 2 }, replicate), "replicas");
  assert.deepEqual(replicas.map((it) => it.destinationStageArn), targets.slice(0, 5));
  const { participants } = await ivs.listParticipants({
    stageArn: targets[0],
    sessionId: replicas[0].destinationSessionId,
  });
  assert.equal(participants[0].replicationType, "REPLICA");
  assert.equal(participants[0].sourceSessionId, joined.sessionId);
  await ivs.stopParticipantReplication({ ...replicate, destinationStageArn: targets[0] });
  await assert.rejects(
    ivs.stopParticipantReplication({ ...replicate, destinationStageArn: targets[0] }),
    refusal(ResourceNotFoundException, 404),
  );
});

await holds("throttled calls are repeated by the SDK", async () => {
  await steer("/faults", { op: "GetStage", kind: "throttle", times: 2 });
  assert.equal((await ivs.getStage({ arn: stage.arn })).$metadata.attempts, 3);
});

await holds("events taken, and refused one by one", async () => {
  const entry = { Source: "fullhouse.scaler", DetailType: "Stage Opened", Detail: "{}", Time: new Date() };
  const bad = { ...entry, Detail: "[]" };
  const answer = await events.send(new PutEventsCommand({ Entries: [entry, bad, entry] }));
  assert.equal(answer.FailedEntryCount, 1);
  assert.equal(answer.Entries[1].ErrorCode, "MalformedDetail");
  assert.match(answer.Entries[2].EventId, /^[0-9a-f-]{36}$/);
});

await holds("the end of a participant and of a stage", async () => {
  await ivs.disconnectParticipant({ stageArn: stage.arn, participantId: anna.participantId, reason: "end" });
  await assert.rejects(steer("/connect", { token: anna.token }), { code: "PARTICIPANT_DISCONNECTED" });
  await ivs.deleteStage({ arn: stage.arn });
  await assert.rejects(ivs.getStage({ arn: stage.arn }), refusal(ResourceNotFoundException, 404));
});
