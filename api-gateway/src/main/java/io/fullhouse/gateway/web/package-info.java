/** What browsers load from the gateway: the viewer client, and in development the demo page. */
@NullMarked
package io.fullhouse.gateway.web;

import org.jspecify.annotations.NullMarked;
