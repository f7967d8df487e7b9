// The gateway, as an application's backend calls it, and the viewers of this page, each with a client of its own.
import { readSeat, Viewer } from "../fullhouse.js";

/** @param {() => string} key */
export const backend = (key) => async (method, path, body) => {
  const answer = await fetch(new URL(`../${path}`, import.meta.url), {
    method,
    headers: { "X-API-Key": key(), ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const { data, error } = await answer.json();
  if (!answer.ok) {
    throw Object.assign(new Error(`${error.message} (${error.details?.reason ?? error.code})`), { status: answer.status });
  }
  return data;
};

const NAMES = "anna ben cleo dana emil fay gus hal ida jon kim leo mia noa ole pia rob sue tom una vic zoe".split(" ");

/** The viewers of this page. @param {{ ask: Function, player: any, changed: () => void, tell: (text: string) => void }} parts */
export class Audience {
  #parts;
  #number = 0;
  #page = Math.random().toString(36).slice(2, 5);
  /** @type {Set<any>} */
  members = new Set();

  constructor(parts) {
    this.#parts = parts;
  }

  /** Those whom the gateway has to count: not who stopped, nor who cannot be heard. */
  get expected() {
    return [...this.members].filter((it) => !it.offline && it.view.state !== "stopped").length;
  }

  /** @param {string} [user] somebody who is here already, on another device */
  async add(user) {
    const { ask, player, changed, tell } = this.#parts;
    const name = user ?? `${NAMES[this.#number % NAMES.length]}-${this.#page}${this.#number++}`;
    const join = () => ask("POST", "api/token/viewer", { userId: name });
    const member = { name, offline: false, connection: null, view: null, viewer: null, stage: null };
    member.viewer = new Viewer({
      joined: await join(),
      fetch: (...call) => (member.offline ? Promise.reject(new TypeError("no network")) : fetch(...call)),
      async joinStage(connection) {
        await player.join(connection, (why) => member.viewer.stageLost(why, connection.participantId));
        member.connection = connection;
      },
      leaveStage: (connection) => player.leave(connection),
      onChange(view) {
        const moved = member.stage && member.stage !== view.stageArn;
        member.view = view;
        member.stage = view.stageArn;
        if (moved) {
          tell(`${name} was moved to another stage`);
        }
        changed();
      },
      onStop: (reason) => tell(`${name} was told to stop: ${reason}`),
      onError: (error) => tell(`${name}: ${error.message}`),
    });
    member.view = member.viewer.view;
    member.stage = member.view.stageArn;
    this.members.add(member);
    tell(`${name} joined`);
    changed();
    return member;
  }

  async remove(member) {
    this.members.delete(member);
    this.#parts.changed();
    if (member.view.state !== "stopped") {
      this.#parts.tell(`${member.name} left`);
    }
    await member.viewer.close();
  }

  /** Its calls fail, and IVS loses it, too. */
  async cut(member) {
    const { player, changed, tell } = this.#parts;
    member.offline = !member.offline;
    tell(`${member.name} ${member.offline ? "lost its network" : "has its network again"}`);
    changed();
    if (member.connection) {
      await (member.offline ? player.vanish(member.connection) : player.reconnect(member.connection));
    }
    if (!member.offline) {
      globalThis.dispatchEvent(new Event("online"));
    }
  }

  claims(member) {
    return readSeat(member.view.seat);
  }
}
