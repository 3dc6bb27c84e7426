package io.tenure.client;

import io.tenure.client.logic.Result;
import io.tenure.protocol.proto.Member;
import io.tenure.protocol.proto.NodeStatus;
import io.tenure.protocol.proto.Timing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Asks the addresses that the user named, then those members that the answers name and that have not answered yet. */
final class StatusRound {
    private final ClientLoop loop;
    private final List<String> addresses;
    private final long deadlineNanos;

    StatusRound(ClientLoop loop, List<String> addresses) {
        this.loop = loop;
        this.addresses = addresses;
        deadlineNanos = loop.deadlineNanos();
    }

    CompletableFuture<ClusterStatus> start() {
        return ask(addresses)
                .thenCompose(first -> ask(unheard(first)).thenApply(second -> {
                    Map<String, Result> all = new LinkedHashMap<>(first);
                    all.putAll(second);
                    return summary(all);
                }));
    }

    private CompletableFuture<Map<String, Result>> ask(List<String> asked) {
        List<Call.Status> calls = new ArrayList<>();
        for (String address : asked) {
            Call.Status call = new Call.Status(address, deadlineNanos);
            calls.add(call);
            loop.submit(call);
        }
        CompletableFuture<?>[] futures = calls.stream().map(call -> call.future).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(futures).thenApply(nothing -> {
            Map<String, Result> results = new LinkedHashMap<>();
            for (int i = 0; i < asked.size(); i++) {
                results.put(asked.get(i), calls.get(i).future.join());
            }
            return results;
        });
    }

    /** Addresses of members that have not answered under any address and were not asked at this one. */
    private static List<String> unheard(Map<String, Result> results) {
        List<String> addresses = new ArrayList<>();
        members(results).forEach((id, address) -> {
            boolean answered = results.values().stream()
                    .anyMatch(result -> result instanceof Result.Status status
                            && status.status().getNodeId() == id);
            if (!answered && !results.containsKey(address)) {
                addresses.add(address);
            }
        });
        return addresses;
    }

    private static Map<Integer, String> members(Map<String, Result> results) {
        Map<Integer, String> members = new LinkedHashMap<>();
        for (Result result : results.values()) {
            if (result instanceof Result.Status status) {
                for (Member member : status.status().getMembersList()) {
                    members.putIfAbsent(member.getNodeId(), member.getClientAddress());
                }
            }
        }
        return members;
    }

    private static ClusterStatus summary(Map<String, Result> results) {
        Map<Integer, String> members = members(results);
        Map<Integer, ClusterStatus.Node> known = new LinkedHashMap<>();
        List<ClusterStatus.Node> unknown = new ArrayList<>();
        String cluster = "";
        NodeStatus leader = null;
        for (Map.Entry<String, Result> each : results.entrySet()) {
            if (each.getValue() instanceof Result.Status answer) {
                NodeStatus status = answer.status();
                cluster = cluster.isEmpty() ? status.getClusterId() : cluster;
                known.put(status.getNodeId(), reachable(each.getKey(), status));
                if (status.getRole().equals("LEADER") && (leader == null || leader.getTerm() < status.getTerm())) {
                    leader = status;
                }
            }
        }
        for (Map.Entry<String, Result> each : results.entrySet()) {
            if (each.getValue() instanceof Result.Failed failed) {
                OptionalInt id = idOf(each.getKey(), members);
                ClusterStatus.Node node = new ClusterStatus.Node(id, each.getKey(), Optional.empty(), failed.reason());
                if (id.isEmpty()) {
                    unknown.add(node);
                } else {
                    known.putIfAbsent(id.getAsInt(), node);
                }
            }
        }
        List<ClusterStatus.Node> nodes = new ArrayList<>(known.values());
        nodes.sort(Comparator.comparingInt(node -> node.id().getAsInt()));
        nodes.addAll(unknown);
        OptionalInt leaderId = leader == null ? OptionalInt.empty() : OptionalInt.of(leader.getNodeId());
        return new ClusterStatus(cluster, leaderId, nodes);
    }

    private static OptionalInt idOf(String address, Map<Integer, String> members) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().equals(address))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    private static ClusterStatus.Node reachable(String address, NodeStatus status) {
        ClusterStatus.Report report = new ClusterStatus.Report(
                status.getRole(),
                status.getTerm(),
                status.getLeaderId(),
                status.getLeaseLeftMillis(),
                status.getLastIndex(),
                status.getCommitIndex(),
                status.getAppliedIndex(),
                status.hasTiming() ? Optional.of(timing(status.getTiming())) : Optional.empty(),
                status.getTrouble());
        return new ClusterStatus.Node(OptionalInt.of(status.getNodeId()), address, Optional.of(report), "");
    }

    private static ClusterStatus.Timing timing(Timing timing) {
        return new ClusterStatus.Timing(
                timing.getHeartbeatMillis(),
                timing.getLeaseMillis(),
                timing.getElectionTimeoutMinMillis(),
                timing.getElectionTimeoutMaxMillis());
    }
}
