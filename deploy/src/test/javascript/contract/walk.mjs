// Walks the whole protocol of the public contract against a system that runs: GATEWAY_URL and SIMULATOR_URL, with
// MAX_STAGES=3 and CAPACITY seats a stage, at least six; API_KEY, STATS_KEY and JOIN_KEY, of which the last two have
// those scopes alone; SEAT_SECRET and INTERNAL_SECRET.
// Prints a line for each thing that holds; the first that does not ends it with status 1.
import * as files from "./files.mjs";
import * as languages from "./languages.mjs";
import * as live from "./live.mjs";
import * as moderators from "./moderators.mjs";
import * as operators from "./operators.mjs";
import * as people from "./people.mjs";
import * as publishers from "./publishers.mjs";
import * as refusals from "./refusals.mjs";
import * as service from "./service.mjs";
import * as stages from "./stages.mjs";
import * as viewers from "./viewers.mjs";

async function holds(check, ...given) {
  const start = performance.now();
  const what = check.name.replaceAll("_", " ");
  try {
    const found = await check(...given);
    console.log(`holds: ${what} (${Math.round(performance.now() - start)} ms)`);
    return found;
  } catch (error) {
    console.log(`FAILS: ${what}: ${error.stack}`);
    process.exit(1);
  }
}

const all = (chapter) => Object.values(chapter).filter((each) => /^[a-z]+(_[a-z0-9]+)+$/.test(each.name));

for (const check of [service.health, ...all(service), ...all(refusals)]) await holds(check);

await holds(publishers.while_nobody_publishes_viewers_are_asked_to_come_back);
const publisher = await holds(publishers.a_publisher_token_makes_live);
for (const check of all(languages)) await holds(check);
await holds(publishers.an_operator_s_offline_holds_until_the_next_token);
await holds(publishers.one_publisher_gets_a_token_for_every_stage_or_for_every_source);
await holds(publishers.a_media_server_with_the_internal_secret_may_do_both, publisher);
await holds(publishers.ivs_itself_says_who_publishes_and_nonsense_does_no_harm, publisher);
for (const check of all(viewers)) await holds(check);
for (const check of all(moderators)) await holds(check);
for (const check of all(people)) await holds(check);
for (const check of all(files)) await holds(check);
await holds(stages.the_numbers_are_one_instant_s_in_every_shape);
for (const check of all(live)) await holds(check);
const room = await holds(stages.a_stage_is_made_shown_and_renamed_by_hand);
await holds(stages.a_publisher_is_shown_on_another_stage_and_no_more, publisher, room);
await holds(stages.viewers_are_moved_off_a_stage_that_is_to_go, room);
await holds(stages.when_all_seats_are_taken_the_next_is_told_why_and_when_to_come_back);
await holds(operators.the_scaler_says_what_it_sees_and_does_as_it_is_told);
await holds(operators.closed_doors_keep_newcomers_out_and_the_seated_in);
await holds(operators.the_end_sends_everybody_home_until_somebody_publishes_again);

console.log("all of it");
process.exit(0); // connections are kept
