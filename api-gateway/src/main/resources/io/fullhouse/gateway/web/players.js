// What stands for a player: a participant of the simulated IVS, or AWS's web SDK on the real one. Both have the same ends.

/** Without media: the simulator counts a participant as the real IVS would. @param {string} url */
export function simulatedPlayer(url) {
  const call = async (what, body) => {
    // As text, which needs no preflight.
    const answer = await fetch(`${url}/_sim/${what}`, { method: "POST", body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) {
      throw Object.assign(new Error(`The simulated IVS refuses: ${said.message}`), { code: said.code });
    }
  };
  const named = ({ stageArn, participantId }) => ({ stageArn, participantId });
  return {
    join: ({ token }) => call("connect", { token }),
    leave: (connection) => call("leave", named(connection)),
    vanish: (connection) => call("vanish", named(connection)),
    reconnect: (connection) => call("reconnect", named(connection)),
    async publish(connection) {
      await call("connect", { token: connection.token });
      await call("publish", named(connection));
    },
    unpublish: (connection) => call("leave", named(connection)),
  };
}

/** The real thing: each viewer is a connection, and the newest shows its picture. @param {() => string} scriptUrl @param {HTMLVideoElement} video */
export function webSdkPlayer(scriptUrl, video) {
  const stages = new Map();
  let camera;

  const load = () =>
    globalThis.IVSBroadcastClient ??
    new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = scriptUrl();
      script.onload = () => loaded(globalThis.IVSBroadcastClient);
      script.onerror = () => failed(new Error(`${script.src} cannot be loaded`));
      document.head.append(script);
    });

  async function enter({ token, participantId }, publishes, lost) {
    const sdk = await load();
    const stage = new sdk.Stage(token, {
      stageStreamsToPublish: () => publishes,
      shouldPublishParticipant: () => publishes.length > 0,
      shouldSubscribeToParticipant: () =>
        publishes.length > 0 ? sdk.SubscribeType.NONE : sdk.SubscribeType.AUDIO_VIDEO,
    });
    stage.on(sdk.StageEvents.STAGE_PARTICIPANT_STREAMS_ADDED, (participant, streams) => {
      if (!participant.isLocal) {
        video.srcObject = new MediaStream(streams.map((stream) => stream.mediaStreamTrack));
        video.hidden = false;
      }
    });
    await stage.join();
    stages.set(participantId, stage);
    stage.on(sdk.StageEvents.STAGE_LEFT, (why) => why !== "user-initiated" && lost?.(why));
  }

  const leave = ({ participantId }) => {
    stages.get(participantId)?.leave();
    stages.delete(participantId);
  };
  return {
    join: (connection, lost) => enter(connection, [], lost),
    leave,
    vanish: () => {}, // the SDK's own network is not ours to cut
    reconnect: () => {},
    async publish(connection) {
      const sdk = await load();
      camera = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
      await enter(connection, camera.getTracks().map((track) => new sdk.LocalStageStream(track)));
    },
    unpublish(connection) {
      leave(connection);
      camera?.getTracks().forEach((track) => track.stop());
    },
  };
}
