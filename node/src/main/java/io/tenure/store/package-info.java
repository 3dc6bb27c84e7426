/**
 * The replicated state: the map of strings, the table of sessions, and the applier that feeds both.
 */
package io.tenure.store;
