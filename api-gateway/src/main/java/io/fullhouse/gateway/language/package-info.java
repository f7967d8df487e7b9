/** What people are told, and in which language. Codes, field names and ids have none. */
@NullMarked
package io.fullhouse.gateway.language;

import org.jspecify.annotations.NullMarked;
