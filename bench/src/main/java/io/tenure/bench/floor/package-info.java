/** What no store can be faster than: an echo through the same frames and SDK, and bare forces of the same disk. */
package io.tenure.bench.floor;
