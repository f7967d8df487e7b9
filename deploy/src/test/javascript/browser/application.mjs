// An application as its developers would write it: a backend that holds the API key, and a page on an origin of its own
// that shows a stage. Its player is the simulated one.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";

const PAGE = (gateway, simulator) => `<!doctype html>
<title>An application</title>
<h1>Nobody yet</h1>
<script type="module">
  import { Viewer } from "${gateway}/fullhouse.js";
  const asked = new URLSearchParams(location.search);
  const seen = (window.seen = []);
  const join = async () => (await fetch("/join" + location.search)).json();
  async function player(what, body) {
    const answer = await fetch("${simulator}/_sim/" + what, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw Object.assign(new Error(what), await answer.json());
  }
  window.viewer = new Viewer({
    joined: await join(),
    joinStage: async ({ token, stageArn }) => {
      await player("connect", { token });
      seen.push("join " + stageArn);
    },
    leaveStage: async ({ stageArn, participantId }) => {
      seen.push("leave " + stageArn);
      await player("leave", { stageArn, participantId });
    },
    refreshToken: () => seen.push("refresh"),
    onStop: (reason) => seen.push("stop " + reason),
    onChange: ({ state }) => (document.querySelector("h1").textContent = state),
    whenHidden: asked.get("hidden") ?? "stay",
  });
</script>`;

/** The same seat, as if it had been given long ago. */
function aged(seat, secret, change) {
  const [version, kid, claims] = seat.split(".");
  const now = Math.floor(Date.now() / 1000);
  const later = { ...JSON.parse(Buffer.from(claims, "base64url")), ...change(now) };
  const text = `${version}.${kid}.${Buffer.from(JSON.stringify(later)).toString("base64url")}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const AGES = {
  token: (now) => ({ exp: now + 60, tokenEnd: now + 60 }),
  connection: (now) => ({ iat: now - 23.6 * 3600, exp: now + 600, tokenEnd: now + 600 }),
};

/**
 * @param ask calls the gateway with the API key, and gives the answer's data
 * @returns its base URL, and what stops it
 */
export async function startApplication(gateway, simulator, seatSecret, ask) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://application");
    const user = url.searchParams.get("user");
    if (url.pathname === "/join") {
      const stageArn = url.searchParams.get("stage") ?? undefined;
      const joined = await ask("POST", "/api/token/viewer", { userId: user, stageArn });
      const age = AGES[url.searchParams.get("aged")];
      const seat = age ? aged(joined.seat, seatSecret, age) : joined.seat;
      response.setHeader("Content-Type", "application/json").end(JSON.stringify({ ...joined, seat }));
    } else if (url.pathname === "/") {
      if (url.searchParams.has("strict")) {
        response.setHeader("Content-Security-Policy", "worker-src 'none'");
      }
      response.setHeader("Content-Type", "text/html").end(PAGE(gateway, simulator));
    } else {
      response.setHeader("Content-Type", "text/html").end("Somewhere else");
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => void server.closeAllConnections() ?? server.close(),
  };
}
