package io.fullhouse.deploy;

import io.fullhouse.counter.PresenceStore;
import io.fullhouse.gateway.GatewayApplication;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.scaler.ScalerApplication;
import java.util.function.UnaryOperator;

/** Every script that changes seats, from the three services that own them. */
record SeatScripts(
    LuaScript seat,
    LuaScript release,
    LuaScript ban,
    LuaScript unban,
    LuaScript drain,
    LuaScript sweep,
    LuaScript stage) {

  static SeatScripts load() {
    return new SeatScripts(
        LuaScript.load(GatewayApplication.class, "seat.lua"),
        LuaScript.load(GatewayApplication.class, "release.lua"),
        LuaScript.load(GatewayApplication.class, "ban.lua"),
        LuaScript.load(GatewayApplication.class, "unban.lua"),
        LuaScript.load(PresenceStore.class, "drain.lua"),
        LuaScript.load(PresenceStore.class, "sweep.lua"),
        LuaScript.load(ScalerApplication.class, "stage.lua"));
  }

  /** The same scripts with their text changed: how a rule is dropped. */
  SeatScripts changed(UnaryOperator<String> change) {
    return new SeatScripts(
        changed(seat, change),
        changed(release, change),
        changed(ban, change),
        changed(unban, change),
        changed(drain, change),
        changed(sweep, change),
        changed(stage, change));
  }

  private static LuaScript changed(LuaScript script, UnaryOperator<String> change) {
    return LuaScript.ofSource(change.apply(script.source()));
  }
}
