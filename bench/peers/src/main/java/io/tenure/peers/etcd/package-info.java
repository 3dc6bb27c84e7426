/** etcd: the program of this machine's distribution, asked through its client for Java. */
package io.tenure.peers.etcd;
