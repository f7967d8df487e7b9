/** The simulator, tried with the AWS SDK that the services use. */
@NullMarked
package io.fullhouse.simulator;

import org.jspecify.annotations.NullMarked;
