package io.weir.aws.fake;

import io.weir.aws.fake.Ec2Dials.Buckets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The buckets that EC2 gives an account in a region, as its developer guide has them; each action has its own. */
final class Ec2Buckets {
    /** Non-mutating calls. */
    static final Buckets READ = new Buckets(100, 20);
    /** Those of them that name neither a filter nor a page. */
    static final Buckets BROAD_READ = new Buckets(50, 10);
    /** Mutating calls that are not named one by one. */
    static final Buckets CHANGE = new Buckets(50, 5);

    private static final Map<String, Buckets> NAMED = Map.of(
            "RunInstances", new Buckets(5, 2, 1000, 2),
            "TerminateInstances", new Buckets(100, 5, 1000, 20),
            "CreateTags", new Buckets(100, 10),
            "DeleteTags", new Buckets(100, 10));

    /** The reads that have a smaller bucket when they are broad, as far as the fake speaks them. */
    static final Set<String> SMALLER_WHEN_BROAD = Set.of(
            "DescribeInstances",
            "DescribeNetworkInterfaces",
            "DescribeSecurityGroups",
            "DescribeSpotInstanceRequests",
            "DescribeVolumes");

    private Ec2Buckets() {}

    static Map<String, Buckets> all() {
        Map<String, Buckets> all = new HashMap<>();
        for (String action : Model.EC2.operations()) {
            all.put(action, NAMED.getOrDefault(action, action.startsWith("Describe") ? READ : CHANGE));
        }
        return all;
    }
}
