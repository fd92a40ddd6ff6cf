package io.weir.gce.fake;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Compute writes names, links and times. */
final class Names {
    /** Answers name resources so, whatever address was called. */
    static final String ROOT = "https://www.googleapis.com/compute/v1/";

    static final String FORM = "(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)";
    private static final Pattern NAME = Pattern.compile(FORM);
    private static final Pattern LABEL_KEY = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern PROJECT = Pattern.compile("(?:.*/)?projects/([^/]+)/(.+)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
            .withZone(ZoneId.of("America/Los_Angeles"));

    private Names() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    static boolean isLabelKey(String text) {
        return LABEL_KEY.matcher(text).matches();
    }

    static boolean isLabelValue(String text) {
        return LABEL_VALUE.matcher(text).matches();
    }

    static boolean isUuid(String text) {
        return UUID.matcher(text).matches() && !text.equals("00000000-0000-0000-0000-000000000000");
    }

    /** What comes after the last slash. */
    static String last(String link) {
        return link.substring(link.lastIndexOf('/') + 1);
    }

    /** @param path from {@code zones/}, {@code regions/} or {@code global/} on */
    static String link(String path) {
        return link(ExampleProject.NAME, path);
    }

    static String link(String project, String path) {
        return ROOT + "projects/" + project + "/" + path;
    }

    static String resource(String path) {
        return "projects/" + ExampleProject.NAME + "/" + path;
    }

    /** A resource that somebody names in full, in part or by its path. */
    record Reference(String project, String path) {}

    /** Empty: it is a mere name. */
    static Optional<Reference> reference(String text) {
        Matcher full = PROJECT.matcher(text);
        if (full.matches()) {
            return Optional.of(new Reference(full.group(1), full.group(2)));
        }
        return text.contains("/") ? Optional.of(new Reference(ExampleProject.NAME, text)) : Optional.empty();
    }

    static String time(Instant at) {
        return TIME.format(at);
    }
}
