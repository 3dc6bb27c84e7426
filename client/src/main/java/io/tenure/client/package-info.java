/**
 * The client SDK: reads and writes string keys, follows leader changes and resends until it is answered.
 */
package io.tenure.client;
