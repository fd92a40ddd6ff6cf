package io.weir.aws.fake;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One operation of an API.
 *
 * @param changes whether it may change something; a trial (DryRun) of one that does is ended by its work, when all is checked
 * @param understood the parameters that the fake heeds, with N for numbers; others are told to be unknown to it
 */
record Action(boolean changes, Set<String> understood, Needs needs, Work work) {

    interface Work {
        Element on(Query query, long now) throws Refusal;
    }

    /** What the caller has to be allowed. */
    interface Needs {
        List<Need> of(Query query) throws Refusal;
    }

    /** @param facts what conditions of a policy may ask for, as {@code aws:RequestTag/team}; one key may have several values */
    record Need(String action, String resource, Map<String, Set<String>> facts) {
        Need {
            facts = Map.copyOf(facts);
        }
    }

    static Action read(Set<String> understood, String name, Work work) {
        return new Action(false, understood, query -> List.of(new Need("ec2:" + name, "*", Map.of())), work);
    }

    static Action change(Set<String> understood, Needs needs, Work work) {
        return new Action(true, understood, needs, work);
    }
}
