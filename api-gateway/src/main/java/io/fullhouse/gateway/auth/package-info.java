/** Who may do what: API keys with scopes, and signed seats. */
@NullMarked
package io.fullhouse.gateway.auth;

import org.jspecify.annotations.NullMarked;
