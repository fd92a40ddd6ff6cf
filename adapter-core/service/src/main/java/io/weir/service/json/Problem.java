package io.weir.service.json;

/** One thing wrong with a document: where, and what. The field is a path such as {@code dataVolumes[0].sizeGb}; empty means the document itself. */
public record Problem(String field, String message) {
    @Override
    public String toString() {
        return field.isEmpty() ? message : field + ": " + message;
    }
}
