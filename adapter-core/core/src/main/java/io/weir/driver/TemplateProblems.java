package io.weir.driver;

import java.util.List;

/** A document that this cloud cannot serve: every problem at once. */
public final class TemplateProblems extends Exception {
    private static final long serialVersionUID = 1;

    private final List<Problem> problems;

    public TemplateProblems(List<Problem> problems) {
        super(String.join("; ", problems.stream().map(Problem::toString).toList()));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /** @param field the document's field, as {@code machineTypes[0]} or {@code simulated.image} */
    public record Problem(String field, String text) implements java.io.Serializable {
        @Override
        public String toString() {
            return field + ": " + text;
        }
    }
}
