/**
 * The key pair that signs participant tokens: its file, its curve, and the command that imports it
 * into IVS.
 */
@NullMarked
package io.fullhouse.gateway.key;

import org.jspecify.annotations.NullMarked;
