package io.weir.pool;

import java.util.List;

/**
 * A document resolved against the cloud: what moves (an image's name, a flavor) is pinned.
 *
 * @param revision changes when the frozen parameters do
 * @param choices in order of preference, never empty
 * @param frozen the exact parameters of a launch, in the driver's own JSON
 */
public record Template(String revision, List<Choice> choices, String frozen, String cloudProvider, String region) {
    public Template {
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("a template needs a choice");
        }
        choices = List.copyOf(choices);
    }
}
