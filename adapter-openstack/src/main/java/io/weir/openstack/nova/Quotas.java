package io.weir.openstack.nova;

import io.weir.openstack.nova.NovaApi.Quota;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is left of a project's quotas, as machine after machine takes its share. Not safe for several threads. */
final class Quotas {
    private final Map<String, Quota> quotas = new TreeMap<>();
    private final Map<String, Long> taken = new HashMap<>();

    void add(List<Quota> some) {
        some.forEach(quota -> quotas.put(quota.name(), quota));
    }

    /** Takes all of it, or nothing and says which quota is too small. A quota that nobody told of is not in the way. */
    Optional<String> take(Map<String, Long> need) {
        for (Map.Entry<String, Long> one : new TreeMap<>(need).entrySet()) {
            Quota quota = quotas.get(one.getKey());
            long before = taken.getOrDefault(one.getKey(), 0L);
            if (quota != null && quota.isLimited() && one.getValue() > 0 && before + one.getValue() > quota.left()) {
                return Optional.of(
                        "the quota of " + quota.name() + " is " + quota.limit() + ", of which " + quota.used()
                                + " are used" + (before > 0 ? " and " + before + " are about to be" : "") + ": "
                                + one.getValue() + " more do not fit");
            }
        }
        need.forEach((name, count) -> taken.merge(name, count, Long::sum));
        return Optional.empty();
    }
}
