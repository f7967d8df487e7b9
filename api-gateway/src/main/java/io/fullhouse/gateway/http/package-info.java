/** What every answer has in common: the envelope, its errors, its headers, and reading a body. */
@NullMarked
package io.fullhouse.gateway.http;

import org.jspecify.annotations.NullMarked;
