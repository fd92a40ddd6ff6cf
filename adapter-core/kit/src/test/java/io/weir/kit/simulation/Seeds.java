package io.weir.kit.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Seeds that once failed, each with what was wrong. They are run first, for ever. */
final class Seeds {
    private Seeds() {}

    static final Map<Long, String> KEPT = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    45L,
                    "an operator's adoption left the gate closed until the adopted store had been silent for ten minutes"),
            Map.entry(66L, "a machine whose pool tag was taken away was never listed again, and never marked again"),
            Map.entry(188L, "names of a batch that were dropped before their call were launched by its repetition"),
            Map.entry(206L, "a launch was cancelled and repeated by the same plan"),
            Map.entry(226L, "a repair took its ten percent of machines that did not run"),
            Map.entry(274L, "looks for lost machines counted as the probe of refused credentials"),
            Map.entry(301L, "the first of two adapters acted on, though another store beat on its machines"),
            Map.entry(770L, "a pinned image that was removed was probed for ever"),
            Map.entry(816L, "a machine that was unhealthy and surplus was ended twice by one plan: a contradiction"),
            Map.entry(824L, "a refused repetition gave back the pace of an end that had landed"),
            Map.entry(1052L, "a probe that was ended by a lower wish in a missing scope held the breaker open"),
            Map.entry(1406L, "a surplus and a repair together ended one machine more than the surplus"),
            Map.entry(2406L, "a probe that was detached held the breaker open for ever"),
            Map.entry(2421L, "refused launches used up the launch pace, and the next choice waited for a minute"),
            Map.entry(4044L, "a pace took its share of machines that no listing showed any more"),
            Map.entry(4192L, "what remained of a failed launch of a lost store was never ended"),
            Map.entry(13566L, "the judge counted a machine whose attachment was refused and withdrawn"),
            Map.entry(15058L, "behind refused credentials, launches that nobody wanted any more stayed written down"),
            Map.entry(24358L, "the judge wanted what remained of a blessed machine to be ended"),
            Map.entry(
                    31024L, "machines that the last listing did not show, with a call unanswered, counted as staying"),
            Map.entry(36224L, "a late refusal of one of two twins buried the one that was alive"),
            Map.entry(44200L, "the judge wanted a blessed machine that never ran to be capacity"),
            Map.entry(55508L, "a single listing that lied opened the gate of a store that had been lost"),
            Map.entry(77954L, "launches were called and repeated though the wish had been lowered meanwhile"),
            Map.entry(90234L, "a repair was not counted against the surplus of the same turn"),
            Map.entry(94116L, "an end whose call was refused was not taken back when its machine was wanted again")));
}
