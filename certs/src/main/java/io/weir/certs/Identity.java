package io.weir.certs;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a certificate says its holder is: a role and a name, written as the URI {@code weir://operator/anna} among the
 * certificate's subject alternative names.
 *
 * <ol>
 *   <li>A certificate with exactly one {@code weir:} URI of that form has that identity.
 *   <li>A certificate with none, with two, or with one that is written in any other way has no identity at all.
 *   <li>URIs of other schemes, host names and the subject say nothing here.
 * </ol>
 */
public record Identity(Role role, String name) {
    /** 1 to 64 letters, digits, dots, dashes or underscores, the first one a letter or a digit. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final Pattern URI = Pattern.compile("weir://([a-z]+)/(" + NAME.pattern() + ")");
    private static final int SAN_URI = 6;

    public Identity {
        if (!NAME.matcher(name).matches()) {
            throw new CertsProblem(
                    "the name \"" + name + "\" cannot stand in a certificate: use 1 to 64 letters, digits,"
                            + " dots, dashes or underscores, beginning with a letter or a digit");
        }
    }

    public String uri() {
        return "weir://" + role.word() + "/" + name;
    }

    /** Whether it speaks of an identity at all, be it one that counts or not. */
    public static boolean isClaimedBy(X509Certificate certificate) {
        return !ours(certificate).isEmpty();
    }

    private static List<String> ours(X509Certificate certificate) {
        return uris(certificate).stream()
                .filter(uri -> uri.regionMatches(true, 0, "weir:", 0, 5))
                .toList();
    }

    public static Optional<Identity> of(X509Certificate certificate) {
        List<String> ours = ours(certificate);
        return ours.size() == 1 ? of(ours.getFirst()) : Optional.empty();
    }

    private static Optional<Identity> of(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Role.of(matcher.group(1)).map(role -> new Identity(role, matcher.group(2)));
    }

    private static List<String> uris(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(SAN_URI).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    @Override
    public String toString() {
        return uri();
    }
}
