@NullMarked
package io.fullhouse.gateway.auth;

import org.jspecify.annotations.NullMarked;
