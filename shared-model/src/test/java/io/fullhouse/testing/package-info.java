/**
 * What tests, and the all-in-one launcher, stand on: a real Redis as a child process, and time that
 * can be set. Development and tests only.
 */
@NullMarked
package io.fullhouse.testing;

import org.jspecify.annotations.NullMarked;
