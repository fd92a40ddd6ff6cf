package io.weir.service.json;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Everything wrong with one document, collected so that its author hears it all at once. */
public final class Problems {
    private static final int SHOWN = 50;

    private final List<Problem> found = new ArrayList<>();

    public void add(String field, String message) {
        found.add(new Problem(field, message));
    }

    public boolean any() {
        return !found.isEmpty();
    }

    public int count() {
        return found.size();
    }

    public List<Problem> list() {
        return List.copyOf(found);
    }

    /** All problems, one a line. */
    public String lines() {
        String lines = found.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("\n"));
        return found.size() <= SHOWN ? lines : lines + "\nand " + (found.size() - SHOWN) + " more";
    }

    /** The refusal that names the first field and tells of all. */
    public ApiException refusal() {
        Problem first = found.getFirst();
        String message = found.size() == 1 ? first.toString() : first + " (and " + (found.size() - 1) + " more)";
        return new ApiException(
                400, ErrorCode.INVALID_INPUT, first.field().isEmpty() ? null : first.field(), message, lines());
    }
}
