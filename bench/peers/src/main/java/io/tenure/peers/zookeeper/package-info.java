/** Apache ZooKeeper: its own server; keys are nodes of its tree. */
package io.tenure.peers.zookeeper;
