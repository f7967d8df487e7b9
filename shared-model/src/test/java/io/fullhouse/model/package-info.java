@NullMarked
package io.fullhouse.model;

import org.jspecify.annotations.NullMarked;
