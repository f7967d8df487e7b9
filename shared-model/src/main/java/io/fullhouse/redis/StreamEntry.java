package io.fullhouse.redis;

import io.fullhouse.model.EntryId;
import java.util.Map;

/**
 * What a consumer is handed.
 *
 * @param fields in the order of the stream; a name that stood twice has its last value
 */
public record StreamEntry(EntryId id, Map<String, String> fields) {}
