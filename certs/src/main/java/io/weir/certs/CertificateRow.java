package io.weir.certs;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One certificate as a person looks at it. */
record CertificateRow(String file, String subject, String role, String expires, String fingerprint) {
    private static final CertificateRow HEAD =
            new CertificateRow("FILE", "SUBJECT", "ROLE", "EXPIRES", "SHA-256 FINGERPRINT");
    private static final int SAN_DNS = 2;
    private static final int SAN_IP = 7;

    static CertificateRow of(Path file, X509Certificate certificate, Instant now) {
        return new CertificateRow(
                file.toString(),
                certificate.getSubjectX500Principal().getName(),
                role(certificate),
                Dates.minute(certificate.getNotAfter())
                        + left(Duration.between(now, certificate.getNotAfter().toInstant())),
                fingerprint(certificate));
    }

    static List<String> table(List<CertificateRow> rows) {
        List<List<String>> cells = Stream.concat(Stream.of(HEAD), rows.stream())
                .map(CertificateRow::cells)
                .toList();
        int[] widths = IntStream.range(0, HEAD.cells().size())
                .map(column -> cells.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return cells.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> row.get(column)
                        + " ".repeat(widths[column] - row.get(column).length()))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private List<String> cells() {
        return List.of(file, subject, role, expires, fingerprint);
    }

    private static String role(X509Certificate certificate) {
        if (certificate.getBasicConstraints() >= 0) {
            return "authority";
        }
        Optional<Identity> identity = Identity.of(certificate);
        if (identity.isPresent()) {
            return identity.get().role().word() + " " + identity.get().name();
        }
        String names = serverNames(certificate);
        return names.isEmpty() ? "none" : "server " + names;
    }

    private static String serverNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? ""
                    : names.stream()
                            .filter(name -> name.get(0) instanceof Integer kind && (kind == SAN_DNS || kind == SAN_IP))
                            .map(name -> shortened(String.valueOf(name.get(1))))
                            .collect(Collectors.joining(","));
        } catch (CertificateParsingException unreadable) {
            return "";
        }
    }

    private static String shortened(String name) {
        return name.equals("0:0:0:0:0:0:0:1") ? "::1" : name;
    }

    private static String left(Duration left) {
        if (left.isNegative() || left.isZero()) {
            return " (ENDED)";
        }
        long days = left.toDays();
        return days == 0 ? " (in " + left.toHours() + " h)" : " (in " + days + (days == 1 ? " day)" : " days)");
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK knows SHA-256, and a parsed certificate its bytes", e);
        }
    }
}
