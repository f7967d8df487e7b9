// The page: shows what the gateway says once a second, and does what its buttons say.
import { Audience, backend } from "./house.js";
import { simulatedPlayer, webSdkPlayer } from "./players.js";

const $ = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const simulator = document.documentElement.dataset.simulator;
const player = simulator ? simulatedPlayer(simulator) : webSdkPlayer(() => $("sdk-url").value, $("picture"));
$("sdk").hidden = Boolean(simulator);
$("sdk-url").value = "https://web-broadcast.live-video.net/1.41.0/amazon-ivs-web-broadcast.js";
$("with").textContent = simulator ? `IVS is simulated, at ${simulator}: no picture, but every participant.` : "IVS is AWS's own.";
$("key").value = sessionStorage.getItem("key") ?? "dev-key";
$("key").oninput = () => sessionStorage.setItem("key", $("key").value);

const ask = backend(() => $("key").value);
const audience = new Audience({ ask, player, changed: paintAudience, tell });
let chosen = null;
let publisher = null;
let stats = null;
/** What operators said, whoever they were. */
let operated = { mode: "auto", doors: { open: true }, end: {} };
let endpoints = [];

/** Whether the gateway has the route that a button needs. */
const isThere = ({ dataset }) => !dataset.needs || endpoints.includes(dataset.needs);

function tell(text) {
  $("log").prepend(make("li", {}, make("time", { textContent: new Date().toLocaleTimeString() }), make("span", { textContent: text })));
  $("log").children[200]?.remove();
}

/** @param {unknown} [error] */
function trouble(error) {
  $("trouble").hidden = !error;
  $("trouble").textContent = error ? error.message : "";
}

/** Runs while its button is off, and says what went wrong. */
const does = (button, act) => {
  button.onclick = async () => {
    button.disabled = true;
    try {
      await act();
      trouble();
    } catch (error) {
      trouble(error);
    }
    button.disabled = false;
    await look();
  };
};

// Colours: each stage has one, and so have its viewers.

const hues = new Map();
function colour(stageArn) {
  if (!hues.has(stageArn)) {
    hues.set(stageArn, (222 + 137 * hues.size) % 360);
  }
  return `hsl(${hues.get(stageArn)} 62% 50%)`;
}

// What there is to see.

function paintAudience() {
  const buttons = [...audience.members].map((member) => {
    const { state, reason, stageArn } = member.view;
    const calm = state === "watching" && !member.offline;
    const button = make("button", {
      textContent: calm ? member.name : `${member.name} · ${member.offline ? "no network" : (reason ?? state)}`,
      className: `${state} ${member.offline ? "unreachable" : ""}`,
      onclick: () => choose(member === chosen ? null : member),
    });
    button.setAttribute("aria-pressed", String(member === chosen));
    button.style.borderColor = state === "stopped" ? "" : colour(stageArn);
    return make("li", {}, button);
  });
  $("audience").replaceChildren(...buttons);
  paintSeat();
  paintTotal();
}

function choose(member) {
  chosen = member;
  paintAudience();
}

const short = (arn) => arn.split("/").pop();
const nameOf = (arn) => stats?.stages.find((stage) => stage.stageArn === arn)?.stageName ?? "gone";

function paintSeat() {
  $("seat").hidden = !chosen;
  if (!chosen) {
    return;
  }
  const claims = audience.claims(chosen);
  const left = Math.max(0, claims.exp - Date.now() / 1000);
  const { state, reason, failures } = chosen.view;
  $("seat-user").textContent = chosen.name;
  $("seat-state").textContent =
    (state === "stopped" ? `Stopped: ${reason}.` : `It is ${state}.`) + (failures ? ` ${failures} calls failed in a row.` : "");
  const rows = {
    user: claims.user,
    stage: `${nameOf(claims.stage)} (${short(claims.stage)})`,
    participant: claims.participant,
    admission: claims.admission,
    broadcast: claims.broadcast,
    "given at": new Date(1000 * claims.iat).toLocaleString(),
    "expires in": `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min ${Math.floor(left % 60)} s`,
  };
  $("claims").replaceChildren(
    ...Object.entries(rows).flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", { textContent: value })]),
  );
  $("seat-text").textContent = chosen.view.seat;
  for (const button of document.querySelectorAll("[data-act]")) {
    button.hidden = !isThere(button) || (state === "stopped" && button.dataset.act !== "leave");
  }
  document.querySelector("[data-act=network]").textContent = chosen.offline ? "Give it its network" : "Lose its network";
}

function paintTotal() {
  $("total").textContent = stats ? stats.totalViewers : "–";
  $("total-word").textContent = stats?.totalViewers === 1 ? "viewer counted" : "viewers counted";
  const here = audience.expected;
  const exact = stats?.totalViewers === here;
  $("agreement").textContent = exact ? `exactly those of this page` : `${here} on this page that can be heard`;
  $("agreement").classList.toggle("exact", Boolean(exact));
}

function bar(stage, isMaster) {
  const drain = make("button", { textContent: "Drain" });
  does(drain, async () => {
    await ask("DELETE", `api/stage/${short(stage.stageArn)}?drain=true`);
    tell(`${stage.stageName} drains: its viewers are moved, then it is deleted`);
  });
  const fill = make("div", { className: "fill" });
  fill.style.width = `${Math.min(100, (100 * stage.seats) / stage.capacity)}%`;
  fill.style.background = colour(stage.stageArn);
  const track = make("div", { className: "track", role: "img", ariaLabel: `${stage.seats} of ${stage.capacity} seats taken` }, fill);
  const head = make(
    "div",
    { className: "head" },
    make("b", { textContent: stage.stageName }),
    make("span", { className: "quiet", textContent: stage.state === "active" ? "" : stage.state }),
    make("span", {
      className: "numbers",
      textContent: `${stage.seats} of ${stage.capacity} seats · ${stage.viewerCount} watching`,
    }),
    ...(isMaster || stage.state === "draining" ? [] : [drain]),
  );
  return make("li", { className: stage.state }, head, track);
}

function paintStages(master) {
  const isMaster = (stage) => stage.stageArn === master;
  const inOrder = stats.stages.toSorted((a, b) => isMaster(b) - isMaster(a) || a.stageArn.localeCompare(b.stageArn));
  $("bars").replaceChildren(...inOrder.map((stage) => bar(stage, isMaster(stage))));
}

// What is asked once a second.

let master = null;
async function look() {
  try {
    stats = await ask("GET", "api/stats");
    master ??= (await ask("GET", "api/stage/master/info")).stage.stageArn;
    operated = await ask("GET", "api/scaler");
    $("air").textContent = stats.isPublisherLive ? "on air" : "off air";
    $("air").classList.toggle("live", stats.isPublisherLive);
    if (!$("bars").matches(":has(button:active, button:disabled)")) {
      paintStages(master);
    }
    paintOperated();
    paintAudience();
    return true;
  } catch (error) {
    trouble(error);
    return false;
  }
}

function paintOperated() {
  const { mode, doors, end, ceiling } = operated;
  const acts = mode === "hold" ? "is held by an operator" : "opens stages before they are needed";
  const most = ceiling ? `, ${ceiling.stages} stages at most (${ceiling.limit})` : "";
  $("scaler").textContent = `The scaler ${acts}${most}.`;
  operate("mode").textContent = mode === "hold" ? "Let the scaler act" : "Hold the scaler";
  operate("doors").textContent = doors.open ? "Close the doors" : "Open the doors";
  operate("end").textContent = end.endsAt ? "Call the end off" : "End the broadcast in 10 s";
}

// What the buttons do.

does($("publish"), async () => {
  const token = await ask("POST", "api/token/publisher", { userId: "demo-broadcaster" });
  await player.publish(token);
  publisher = token;
  tell("The broadcaster is on air");
});
does($("unpublish"), async () => {
  if (publisher) {
    await player.unpublish(publisher);
    publisher = null;
  }
  await ask("POST", "api/publisher/offline");
  tell("The broadcaster is off air");
});
does($("add"), async () => choose(await audience.add()));
does($("add-ten"), () => Promise.all(Array.from({ length: 10 }, () => audience.add())));
does($("clear"), async () => {
  chosen = null;
  await Promise.all([...audience.members].map((member) => audience.remove(member)));
});
does($("open-stage"), async () => {
  const { name } = await ask("POST", "api/stage", { name: `room-${Math.random().toString(36).slice(2, 6)}` });
  tell(`${name} is open`);
});

const acts = {
  leave: async (member) => {
    choose(null);
    await audience.remove(member);
  },
  network: (member) => audience.cut(member),
  twice: async (member) => choose(await audience.add(member.name)),
  kick: (member) => ask("POST", "api/viewer/kick", { userId: member.name, reason: "demo" }),
  ban: (member) => ask("POST", "api/viewer/ban", { userId: member.name, reason: "demo" }),
};
document.querySelectorAll("[data-act]").forEach((button) => does(button, () => acts[button.dataset.act](chosen)));

const operate = (name) => document.querySelector(`[data-operate=${name}]`);
does(operate("doors"), async () => {
  const { open } = await ask("PUT", "api/doors", { open: !operated.doors.open });
  tell(open ? "The doors are open" : "The doors are closed: the seated stay, nobody else comes in");
});
does(operate("mode"), () => ask("PUT", "api/scaler/mode", { mode: operated.mode === "hold" ? "auto" : "hold" }));
does(operate("end"), async () => {
  const off = Boolean(operated.end.endsAt);
  await (off ? ask("DELETE", "api/broadcast/end") : ask("POST", "api/broadcast/end", { afterSeconds: 10 }));
  tell(off ? "The end is called off" : "The broadcast ends in 10 s: everybody is told to stop");
});
does(operate("pardon"), async () => {
  const { bans } = await ask("GET", "api/viewer/bans");
  await Promise.all(bans.map(({ userId }) => ask("DELETE", "api/viewer/ban", { userId })));
  tell(`${bans.length} bans lifted`);
});

({ endpoints } = await ask("GET", ""));
operate("pardon").hidden = !isThere(operate("pardon"));
for (;;) {
  if (!document.hidden) {
    await look();
  }
  await new Promise((passed) => setTimeout(passed, 1000));
}
