package io.weir.gce.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The role that {@code docs/clouds/gce.md} tells people to make. */
final class DocumentedRole {
    private DocumentedRole() {}

    static Set<String> permissions() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "clouds", "gce.md"));
        String begin = "includedPermissions:\n";
        int at = page.indexOf(begin) + begin.length();
        return page.substring(at, page.indexOf("```", at))
                .lines()
                .map(line -> line.replaceFirst("^- ", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
