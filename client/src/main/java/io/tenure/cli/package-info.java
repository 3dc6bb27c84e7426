/**
 * The {@code kv} command, a thin layer over the SDK.
 */
package io.tenure.cli;
