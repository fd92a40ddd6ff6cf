package io.weir.service.caller;

import io.weir.certs.Identity;
import io.weir.certs.Role;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Knows callers by their certificates.
 *
 * <ol>
 *   <li>A certificate that names a fleet identity is that caller; one that names two, or one in a wrong way, is nobody.
 *   <li>Else a row <em>subject → role</em> of the configuration counts; the caller's name is then the subject's common name.
 *   <li>Else it is nobody, and nobody may do anything.
 * </ol>
 */
public final class Callers {
    private final Map<X500Principal, Role> rows = new HashMap<>();

    /** The rows are subjects such as {@code CN=scaler,O=Example}, or in the other order, as OpenSSL prints them. */
    public Callers(Map<String, Role> subjects) {
        subjects.forEach((subject, role) -> {
            rows.put(new X500Principal(subject), role);
            rows.put(reversed(subject), role);
        });
    }

    private static X500Principal reversed(String subject) {
        try {
            return new X500Principal(
                    new LdapName(new LdapName(subject).getRdns().reversed()).toString());
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException("\"" + subject + "\" is not a certificate's subject", e);
        }
    }

    public Optional<Caller> of(X509Certificate certificate) {
        if (Identity.isClaimedBy(certificate)) {
            return Identity.of(certificate).map(known -> new Caller(known.role(), known.name()));
        }
        X500Principal subject = certificate.getSubjectX500Principal();
        return Optional.ofNullable(rows.get(subject)).map(role -> new Caller(role, name(subject)));
    }

    private static String name(X500Principal subject) {
        try {
            for (Rdn part : new LdapName(subject.getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException unusual) {
            return subject.getName();
        }
        return subject.getName();
    }
}
