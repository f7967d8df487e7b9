/**
 * Fullhouse's viewer client: keeps a viewer counted, and its player on the stage where its seat is.
 * No dependencies. Everything it decides comes from the answers of the gateway.
 *
 *     const joined = await myBackend.join(); // `data` of POST /api/token/viewer, asked with its API key
 *     const viewer = new Viewer({ joined, joinStage, leaveStage, onStop, onSeatLost });
 *     ...
 *     await viewer.close();
 *
 * @module fullhouse
 */

/** Seconds after which a call that failed is made again; then it waits for its usual turn. */
const RETRIES = [2, 4, 8];

/** Milliseconds: a call without an answer has failed. */
const PATIENCE = 10_000;

/** Milliseconds in which a leave that nobody awaits reaches the gateway, so that a rejoin does not overtake it. */
const HEAD_START = 1_000;

/**
 * What the IVS web SDK calls its refusals (StageError.code) and the ends of a connection (StageLeftReason), and what they
 * mean to a rejoin. Others mean nothing special.
 * @type {Record<string, string>}
 */
const REFUSALS = {
  2: "token-expired",
  6: "stage-at-capacity",
  9: "stage-deleted",
  10: "token-expired", // PARTICIPANT_DISCONNECTED: that token is dead for good
  TOKEN_EXPIRED: "token-expired",
  STAGE_AT_CAPACITY: "stage-at-capacity",
  STAGE_DELETED: "stage-deleted",
  PARTICIPANT_DISCONNECTED: "token-expired",
  "participant-disconnected": "token-expired",
  "failed-exchange": "token-expired",
};

/**
 * A connection to be made. `participantId` and `stageArn` name it again when it is to be ended.
 * @typedef {{ token: string, stageArn: string, participantId: string }} Connection
 */

/** @typedef {Connection & { seat: string }} Place a connection, and the newest proof that it is the viewer's */

/**
 * What a join answers (`data`); a rejoin and a heartbeat answer the same, without what did not change.
 * @typedef {Place & { heartbeatInterval?: number, totalViewers?: number, currentViewers?: number, next?: any }} Joined
 */

/** @typedef {Joined | null | undefined | void} Again nothing: the viewer gives up */

/**
 * joining: the player connects; watching; moving: the player connects to another stage and still shows the old one;
 * rejoining: the gateway is asked for a place; away: left because the page is hidden or closed; stopped: for good.
 * @typedef {"joining" | "watching" | "moving" | "rejoining" | "away" | "stopped"} State
 */

/**
 * @typedef {object} View
 * @property {State} state
 * @property {string} [reason] of `stopped`: superseded, banned, ended, left, seat-lost, closed
 * @property {string} seat
 * @property {string} stageArn
 * @property {number} totalViewers as last told
 * @property {number} currentViewers of the stage
 * @property {number} failures calls that failed in a row
 */

/**
 * @typedef {object} Options
 * @property {Joined} joined `data` of POST /api/token/viewer, which the application's own backend asked for
 * @property {(connection: Connection, signal: AbortSignal) => unknown} joinStage connects the player; what it awaits may
 *   fail with the web SDK's error. A second connection while moving: the old one goes on until this one stands.
 * @property {(connection: { stageArn: string, participantId: string }) => unknown} leaveStage ends that connection
 * @property {(fresh: { token: string, expiresAt: string }) => unknown} [refreshToken] for the web SDK's `exchangeToken`,
 *   where tokens are self-signed; elsewhere the token is kept for the next connection
 * @property {(view: View) => unknown} [onChange]
 * @property {(reason: string) => unknown} [onStop] told to stop; the player is off the stage
 * @property {(refusal: any) => Again | Promise<Again>} [onSeatLost] the seat is not accepted any more: the application's
 *   backend may join again
 * @property {(error: unknown) => unknown} [onError] what a hook threw
 * @property {"leave" | "stay"} [whenHidden] leave: a hidden page does not watch; default stay
 * @property {string | URL} [gateway] its base URL, with a slash at the end; default: where this script came from
 * @property {typeof fetch} [fetch]
 */

/**
 * What a seat says. For people: only the gateway can tell whether it is genuine.
 * @param {string} seat
 * @returns {{ broadcast: string, user: string, stage: string, participant: string, admission: string, iat: number, exp: number }}
 */
export function readSeat(seat) {
  const base64 = seat.split(".")[2].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))));
}

/** Timers in a worker, which browsers do not slow down in hidden pages; where none may be, the page's own. */
class Timers {
  /** @type {Map<number, { at: number, task: () => void }>} */
  #due = new Map();
  #lastId = 0;
  /** @type {Worker | null} */
  #worker = null;

  constructor() {
    try {
      const code = "onmessage = ({ data }) => setTimeout(() => postMessage(data.id), data.ms)";
      const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
      worker.onmessage = ({ data }) => this.#ring(data);
      worker.onerror = () => this.#goOnWithout(); // Chromium tells so that the page's policy forbids it
      this.#worker = worker;
    } catch {
      this.#worker = null; // Firefox throws instead; Node.js has none
    }
  }

  /** @param {number} ms @param {() => void} task */
  after(ms, task) {
    const id = ++this.#lastId;
    this.#due.set(id, { at: Date.now() + ms, task });
    this.#wind(id, ms);
    return id;
  }

  /** @param {number} id */
  cancel(id) {
    this.#due.delete(id);
  }

  /** @param {number} id @param {number} ms */
  #wind(id, ms) {
    if (this.#worker) {
      this.#worker.postMessage({ id, ms });
    } else {
      setTimeout(() => this.#ring(id), ms);
    }
  }

  /** @param {number} id */
  #ring(id) {
    const due = this.#due.get(id);
    this.#due.delete(id);
    due?.task();
  }

  #goOnWithout() {
    this.#worker = null;
    for (const [id, { at }] of this.#due) {
      this.#wind(id, Math.max(0, at - Date.now()));
    }
  }
}

/** @type {Timers | undefined} one worker for all viewers of a page */
let timers;

/** One viewer. Nothing it does rejects or throws; what the hooks throw is told to `onError`. */
export class Viewer {
  /** @type {Options} */
  #options;
  #timers = (timers ??= new Timers());
  /** @type {State} */
  #state = "joining";
  /** @type {string | undefined} */
  #reason;
  /** @type {Place} where the gateway has us */
  #place;
  /** @type {Place | null} where the player is */
  #on = null;
  /** What the player is doing, one thing after the other. @type {Promise<unknown>} */
  #player = Promise.resolve();
  /** Begins anew when the viewer leaves: what was under way then is void. */
  #stay = new AbortController();
  /** Settled when the gateway knows that we left. @type {Promise<unknown>} */
  #farewell = Promise.resolve();
  /** Why the next call is a rejoin; null: it is a heartbeat. @type {string | null} */
  #rejoin = null;
  /** The participant of the move that is under way. @type {string | null} */
  #moving = null;
  #interval = 20;
  #timer = 0;
  /** The call that waits for its answer; another one planned meanwhile makes that void. @type {object | null} */
  #underWay = null;
  #failures = 0;
  #counts = { totalViewers: 0, currentViewers: 0 };
  #unlisten = new AbortController();

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#place = placeOf(options.joined);
    this.#begin(options.joined);
    this.#listen();
  }

  /** @returns {View} */
  get view() {
    const { seat, stageArn } = this.#place;
    return { state: this.#state, reason: this.#reason, seat, stageArn, ...this.#counts, failures: this.#failures };
  }

  /**
   * The player lost its stage by itself: asks for a place again. Somebody else with the same token stops the viewer.
   * @param {string | number} [why] the web SDK's StageLeftReason or error code, or a rejoin reason of the API
   * @param {string} [participantId] of the connection that is lost; another one than the present is old news
   */
  stageLost(why = "user", participantId = this.#on?.participantId) {
    if (this.#state === "stopped" || this.#state === "away" || participantId !== this.#on?.participantId) {
      return;
    }
    this.#on = null;
    if (why === "token-reused") {
      this.#stop("superseded");
    } else {
      this.#askAgain(REFUSALS[why] ?? String(why), 0);
    }
  }

  /** Leaves for good. Settled when the player is off the stage. */
  async close() {
    if (this.#state !== "stopped") {
      this.#leave("stopped", "closed");
      this.#tellLeave();
    }
    await this.#player;
  }

  #listen() {
    const { signal } = this.#unlisten;
    /** @param {string} type @param {() => void} listener */
    const on = (type, listener) => globalThis.addEventListener?.(type, listener, { signal });
    on("pagehide", () => this.#goAway(true));
    on("pageshow", () => this.#comeBack());
    on("online", () => this.#failures > 0 && this.#schedule(2 * Math.random()));
    if (this.#options.whenHidden === "leave") {
      const follow = () => (document.hidden ? this.#goAway(false) : this.#comeBack());
      document.addEventListener("visibilitychange", follow, { signal });
      follow(); // the tab may have been opened behind another one
    }
  }

  /** A new seat: the player goes there, and the first heartbeat comes at a random point of the interval. @param {Joined} joined */
  #begin(joined) {
    this.#rejoin = null;
    this.#note(joined);
    this.#set("joining");
    this.#schedule(this.#interval * Math.random());
    this.#enter(this.#place);
  }

  // Calls: one at a time, and each decides when the next one is made.

  /** @param {number} seconds */
  #schedule(seconds) {
    this.#cancel();
    this.#timer = this.#timers.after(1_000 * seconds, () => this.#call());
  }

  #cancel() {
    this.#timers.cancel(this.#timer);
    this.#underWay = null;
  }

  /** 80 to 100 % of the interval, so that viewers who came together do not beat together. */
  #scheduleUsual() {
    this.#schedule(this.#interval * (0.8 + 0.2 * Math.random()));
  }

  /** @param {number} [atLeast] seconds */
  #scheduleAgain(atLeast = 0) {
    const pause = RETRIES[this.#failures % (RETRIES.length + 1)] ?? this.#interval;
    this.#failures++;
    this.#schedule(Math.max(pause, atLeast));
    this.#changed();
  }

  /** @param {string} why @param {number} seconds */
  #askAgain(why, seconds) {
    this.#rejoin = why;
    this.#set("rejoining");
    this.#schedule(seconds);
  }

  async #call() {
    const call = (this.#underWay = {});
    const rejoin = this.#rejoin;
    const answer = await this.#ask(rejoin ? { route: "rejoin", reason: rejoin } : { route: "heartbeat" });
    if (this.#underWay !== call) {
      return;
    }
    const refused = answer.error?.details?.reason;
    if (answer.data) {
      this.#note(answer.data);
      this.#failures = rejoin ? this.#failures : 0; // a rejoin is done when the player is there, too
      this.#obey(answer.data, rejoin !== null);
    } else if (refused === "BANNED") {
      this.#stop("banned");
    } else if (answer.status === 401 || answer.status === 403) {
      await this.#seatLost(answer.error, call);
    } else if (answer.status === 404 && !rejoin) {
      this.#askAgain("user", 0);
    } else {
      this.#scheduleAgain(answer.retryAfter); // nothing of this ends what the viewer watches
    }
  }

  /**
   * As text: such a call needs no preflight.
   * @param {{ route: string, reason?: string }} call
   * @returns {Promise<{ status: number, data?: any, error?: any, retryAfter?: number }>} status 0: no gateway said so
   */
  async #ask({ route, ...fields }) {
    const send = this.#options.fetch ?? fetch;
    try {
      const response = await send(this.#url(route), {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body: JSON.stringify({ seat: this.#place.seat, ...fields }),
        credentials: "omit",
        keepalive: route === "leave",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const retryAfter = Number(response.headers.get("Retry-After")) || 0;
      const { data, error } = await response.json().catch(() => ({})); // a proxy's page
      return { status: error?.code ? response.status : 0, data: response.ok ? data : undefined, error, retryAfter };
    } catch {
      return { status: 0 };
    }
  }

  /** @param {string} route */
  #url(route) {
    return new URL(`api/viewer/${route}`, this.#options.gateway ?? import.meta.url);
  }

  /** What every answer holds. @param {Partial<Joined>} data */
  #note(data) {
    if (data.heartbeatInterval && data.heartbeatInterval >= 1) {
      this.#interval = data.heartbeatInterval;
    }
    this.#counts = {
      totalViewers: data.totalViewers ?? this.#counts.totalViewers,
      currentViewers: data.currentViewers ?? this.#counts.currentViewers,
    };
  }

  /** @param {any} data @param {boolean} rejoined */
  #obey(data, rejoined) {
    const next = data.next ?? {};
    if (next.action === "stop") {
      this.#stop(next.reason);
      this.#tellLeave(); // after the end of a show it counts no longer; else it is out already, and this is harmless
      return;
    }
    if (rejoined) {
      this.#rejoin = null;
      this.#takePlace(data);
    } else if (data.seat) {
      this.#place.seat = data.seat;
    }
    this.#scheduleUsual();
    if (next.action === "refresh") {
      this.#place.token = next.token;
      this.#run("refreshToken", { token: next.token, expiresAt: next.expiresAt });
    } else if (next.action === "move") {
      this.#move(next);
    } else if (next.action === "rejoin") {
      this.#askAgain(next.reason ?? "user", Math.max(next.retryAfterSeconds ?? 0, rejoined ? RETRIES[0] : 0));
    }
    this.#changed();
  }

  /** After a rejoin. Without a token the one we have serves, and the player, if it is on, stays. @param {any} data */
  #takePlace(data) {
    if (this.#on && !data.token) {
      this.#place.seat = data.seat ?? this.#place.seat;
      this.#failures = 0;
      this.#set("watching");
    } else {
      this.#place = placeOf({ ...this.#place, ...data });
      this.#set("joining");
      this.#enter(this.#place);
    }
  }

  /** Until the player is there it counts, and beats, where it was. The offer is repeated as long. @param {any} next */
  async #move(next) {
    if (this.#moving !== null || this.#on?.participantId === next.participantId) {
      return;
    }
    this.#moving = next.participantId;
    this.#set("moving");
    await this.#enter(placeOf(next), true);
    this.#moving = null;
  }

  /** @param {any} refusal @param {object} call that brought it */
  async #seatLost(refusal, call) {
    let joined;
    try {
      joined = await this.#options.onSeatLost?.(refusal);
    } catch (error) {
      this.#report(error);
      if (this.#underWay === call) {
        this.#scheduleAgain(); // the application's backend may be away for a moment
      }
      return;
    }
    if (this.#underWay !== call) {
      return;
    }
    if (joined) {
      this.#place = placeOf(joined);
      this.#begin(joined);
    } else {
      this.#stop("seat-lost");
    }
  }

  // The player: joins, then leaves what it was on.

  /** @param {Place} place @param {boolean} [moves] the place is ours only once the player is there */
  #enter(place, moves = false) {
    const { signal } = this.#stay;
    return this.#next(async () => {
      if (signal.aborted || (!moves && place !== this.#place)) {
        return; // not wanted any more
      }
      try {
        await this.#options.joinStage(connection(place), signal);
      } catch (error) {
        this.#report(error);
        if (!signal.aborted) {
          this.#notJoined(error, moves);
        }
        return;
      }
      const before = signal.aborted ? place : this.#on;
      if (!signal.aborted) {
        this.#on = place;
        this.#failures = 0;
        if (moves) {
          this.#place = place;
          this.#rejoin = null;
          this.#schedule(0); // being heard there is what makes the move
        }
        this.#set("watching");
      }
      await this.#exit(before);
    });
  }

  /** @param {any} error @param {boolean} moves */
  #notJoined(error, moves) {
    if (moves) {
      this.#set("watching"); // where it was; the offer will be repeated
    } else {
      this.#rejoin = REFUSALS[error?.code] ?? "user";
      this.#set("rejoining");
      this.#scheduleAgain();
    }
  }

  /** @param {Place | null} place */
  async #exit(place) {
    if (place) {
      await this.#run("leaveStage", { stageArn: place.stageArn, participantId: place.participantId });
    }
  }

  /** @param {() => Promise<void>} task that never rejects */
  #next(task) {
    this.#player = this.#player.then(task);
    return this.#player;
  }

  // Leaving and coming back.

  /** @param {State} state @param {string} [reason] */
  #leave(state, reason) {
    this.#cancel();
    this.#stay.abort();
    this.#stay = new AbortController();
    this.#moving = null;
    const place = this.#on;
    this.#on = null;
    this.#next(() => this.#exit(place));
    this.#set(state, reason);
    if (state === "stopped") {
      this.#unlisten.abort();
    }
  }

  /** @param {string} reason */
  #stop(reason) {
    this.#leave("stopped", reason);
    this.#run("onStop", reason);
  }

  #tellLeave() {
    this.#farewell = this.#ask({ route: "leave" });
  }

  /** @param {boolean} closing the page may be gone in a moment */
  #goAway(closing) {
    if (this.#state === "stopped" || this.#state === "away") {
      return;
    }
    this.#leave("away");
    if (closing && navigator.sendBeacon?.(this.#url("leave"), JSON.stringify({ seat: this.#place.seat }))) {
      this.#farewell = new Promise((settled) => this.#timers.after(HEAD_START, () => settled(null)));
    } else {
      this.#tellLeave();
    }
  }

  async #comeBack() {
    if (this.#state !== "away" || (this.#options.whenHidden === "leave" && document.hidden)) {
      return;
    }
    const { signal } = this.#stay;
    this.#set("rejoining");
    await this.#farewell;
    if (!signal.aborted) {
      this.#askAgain("background", 0);
    }
  }

  // What the application is told.

  /** @param {State} state @param {string} [reason] */
  #set(state, reason) {
    this.#state = state;
    this.#reason = reason;
    this.#changed();
  }

  #changed() {
    this.#run("onChange", this.view);
  }

  /** @param {"leaveStage" | "refreshToken" | "onChange" | "onStop"} hook @param {any} argument */
  async #run(hook, argument) {
    try {
      await null; // no hook is called before the constructor has returned
      await this.#options[hook]?.(argument);
    } catch (error) {
      this.#report(error);
    }
  }

  /** @param {unknown} error */
  #report(error) {
    try {
      (this.#options.onError ?? console.warn)(error);
    } catch (another) {
      console.warn(another);
    }
  }
}

/** @param {any} data @returns {Place} */
function placeOf({ token, stageArn, participantId, seat }) {
  return { token, stageArn, participantId, seat };
}

/** @param {Place} place @returns {Connection} */
function connection({ token, stageArn, participantId }) {
  return { token, stageArn, participantId };
}
