/** The OpenAPI document: made from the resource classes, the messages and a dictionary of words. */
@NullMarked
package io.fullhouse.gateway.openapi;

import org.jspecify.annotations.NullMarked;
