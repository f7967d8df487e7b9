@NullMarked
package io.fullhouse.gateway.http;

import org.jspecify.annotations.NullMarked;
